import FoundationEssentials
import PostureModel
import Testing

@Suite("A serial number")
struct SerialNumberTests {
    @Test(
        "is junk when it identifies no machine",
        arguments: [
            ("", "empty"),
            ("To Be Filled By O.E.M.", placeholder), ("to be filled by O.E.M", placeholder),
            ("To be filled by OEM", placeholder), ("Default string", placeholder), ("Not Specified", placeholder),
            ("Not Applicable", placeholder), ("None", placeholder), ("N/A", placeholder), ("NA", placeholder),
            ("System Serial Number", placeholder), ("Base Board Serial Number", placeholder),
            ("Chassis Serial Number", placeholder), ("Type2 - Board Serial Number", placeholder),
            ("INVALID", placeholder), ("Unknown", placeholder), ("SerNum", placeholder),
            ("SYS-1234567890", placeholder), ("MB-1234567890", placeholder), ("BSN12345678901234567", placeholder),
            ("SystemSerialNumb", placeholder), ("OEM_Serial", placeholder), ("(null string)", placeholder),
            ("EVAL", placeholder), ("9876543210", placeholder),
            ("0", repeated), ("00000000", repeated), ("xxxxxxxx", repeated), ("FFFFFFFF", repeated),
            ("XXXX-XXXX", repeated), ("........", repeated), ("-", repeated), ("  ", "empty"),
            ("00 00.00-00", repeated),
            ("AB1", "shorter than 4 characters"),
            ("1234567", digits), ("123456789", digits), ("0123456789", digits), ("1234567890", digits),
            ("123456789012", digits), ("01234567890123456789", digits),
            ("AB\u{1}CD12", unprintable), ("AB\u{7f}CD12", unprintable), ("AB\u{fffd}CD12", unprintable),
        ]
    )
    func junk(value: String, reason: String) {
        #expect(SerialNumber(value).junkReason == reason)
    }

    @Test(
        "is not junk for resembling it",
        arguments: [
            "PF0FAKE1", "FAKE7X1", ".FAKE7X1.CNFCP000FAKE01.", "1234567X", "00000001", "0000-0000-0012", "1231",
            "VMware-56 4d 00 11 22 33 44 55-66 77 88 99 aa bb cc dd", "ec2f0011-2233-4455-6677-8899aabbccdd",
            "NONE1234", "SERIAL42", "123456780",
        ]
    )
    func genuine(value: String) {
        #expect(SerialNumber(value).junkReason == nil)
    }

    @Test("is judged where it is read, whatever the sender says of it")
    func coding() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let encoded = try encoder.encode(SerialNumber("0000"))
        #expect(String(decoding: encoded, as: UTF8.self) == #"{"junk":"one character repeated","value":"0000"}"#)
        let liar = try JSONDecoder().decode(SerialNumber.self, from: Data(#"{"value":"PF0FAKE1","junk":"no"}"#.utf8))
        #expect(liar.junkReason == nil)
    }

    @Test("is taken of the product, else the board, else the chassis, without junk")
    func best() {
        let good = Observation.observed(SerialNumber("PF0FAKE1"))
        let other = Observation.observed(SerialNumber("PF0FAKE2"))
        let junk = Observation.observed(SerialNumber("None"))
        let unreadable = Observation<SerialNumber>.unreadable(reason: "permission denied")
        #expect(SerialNumbers(product: good, board: other, chassis: other).best?.value == "PF0FAKE1")
        #expect(SerialNumbers(product: junk, board: other, chassis: good).best?.value == "PF0FAKE2")
        #expect(SerialNumbers(product: unreadable, board: junk, chassis: good).best?.value == "PF0FAKE1")
        #expect(SerialNumbers(product: unreadable, board: junk, chassis: unreadable).best == nil)
    }
}

private let placeholder = "a placeholder of the firmware's vendor"
private let repeated = "one character repeated"
private let digits = "a run of digits"
private let unprintable = "not printable"
