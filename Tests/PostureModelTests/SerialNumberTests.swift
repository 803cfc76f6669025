import FoundationEssentials
import PostureModel
import Testing

@Suite("A serial number")
struct SerialNumberTests {
    @Test(
        "is a placeholder where it is made of the words that vendors leave, however they write them",
        arguments: [
            "To Be Filled By O.E.M.", "to be filled by O.E.M", "To be filled by OEM", "ToBeFilledByO.E.M.",
            "To Be Filled By ASUS", "Filled by OEM", "Set by O.E.M.", "Default string", "Default_string",
            "DEFAULT-STRING.", "default serial", "Not Specified", "Not Applicable", "NotApplicable", "Not Applicable.",
            "Not Set", "Not Available", "not present", "Unspecified", "Unassigned", "None", "(none)", "N/A", "NA",
            "n.a.",
            "System Serial Number", "System Serial#", "SYSTEM_SERIAL_NUMBER", "Base Board Serial Number",
            "Chassis Serial Number", "Chassis Serial Number.", "Chasis Serial Number", "Board Serial Number",
            "Type2 - Board Serial Number", "Serial", "Serial Number", "S/N", "No Serial Number", "Product Serial",
            "INVALID", "Invalid Serial", "Unknown", "Unknow", "SerNum", "SerNum0", "SYS-1234567890", "SYS-9876543210",
            "MB-1234567890", "BSN12345678901234567", "SSN12345678901234567", "SN-12345", "SN-1234567890",
            "Serial Number xxxxxx", "Serial Number: 0000", "SystemSerialNumb", "OEM_Serial", "OEM Define 3", "O.E.M.",
            "oem default string inject xxxxxxxxxx", "(null string)", "EVAL", "Empty", "Undefined", "Enter Serial",
            "ENTER SERIAL NUMBER HERE", "Enter your text", "IATPASS", "Tulip Computers", "123456789000",
            "03000200-0400-0500-0006-000700080009", "6AB5B300-538D-1014-9FB5-B0684D007B53",
            "12345678-1234-5678-90ab-cdef12345678", "Default\u{a0}string", "System\u{2013}Serial\u{3000}Number",
            "Not Found", "Product Name", "SN00000000", "CHANGEME", "Standard", "Not Used", "Test Serial", "SAMPLE",
            "To be set by customer", "No SN", "<BAD INDEX>", "Insert serial number", "Not Initialized", "Insyde",
            "VMware",
            "Type1ProductConfigId", "Please fill by OEM", "0xDEADBEEF",
        ]
    )
    func placeholder(value: String) {
        #expect(SerialNumber(value).junk == .placeholder)
    }

    @Test(
        "is junk where it says nothing",
        arguments: [
            ("", SerialNumber.Junk.empty), ("  ", .empty),
            ("0", .repetition), ("00000000", .repetition), ("xxxxxxxx", .repetition), ("FFFFFFFF", .repetition),
            ("XXXX-XXXX", .repetition), ("........", .repetition), ("-", .repetition), ("00 00.00-00", .repetition),
            ("0x00000000", .repetition), ("0X0", .repetition), ("0xFFFFFFFF", .repetition), ("####", .repetition),
            ("00000000-0000-0000-0000-000000000000", .repetition),
            ("01010101-0101-0101-0101-010101010101", .repetition),
            ("123412341234", .repetition),
            ("AB1", .tooShort), ("A-1 2", .tooShort),
            ("1234", .sequence), ("1234567", .sequence), ("123456789", .sequence), ("0123456789", .sequence),
            ("1234567890", .sequence), ("123-456-789", .sequence), ("123456789012", .sequence), ("54321", .sequence),
            ("01234567890123456789", .sequence), ("9876543210", .sequence), ("987654321", .sequence),
            ("ABCDEFG", .sequence), ("0123456789ABCDEF", .sequence), ("1234567890ABCDEF", .sequence),
            ("112233445566", .sequence), ("00112233445566778899AABBCCDDEEFF", .sequence), ("AABBCCDD", .sequence),
            ("AB\u{1}CD12", .unprintable), ("AB\u{7f}CD12", .unprintable), ("AB\u{fffd}CD12", .unprintable),
        ]
    )
    func junk(value: String, kind: SerialNumber.Junk) {
        #expect(SerialNumber(value).junk == kind)
    }

    @Test(
        "is not junk for resembling it",
        arguments: [
            "PF0FAKE1", "FAKE7X1", ".FAKE7X1.CNFCP000FAKE01.", "1234567X", "00000001", "0000-0000-0012", "1231",
            "VMware-56 4d 00 11 22 33 44 55-66 77 88 99 aa bb cc dd", "ec2f0011-2233-4455-6677-8899aabbccdd",
            "NONE1234", "SERIAL42", "SERIAL-1", "SERIAL-STRINGER-7", "123456780", "DEVICE-17", "SYS42", "MB-4711",
            "SN0815",
            "NULL7X2", "ENTERPRISE7", "ENTER7X1", "DEFAULT-7X1", "BOARD-0042", "OEM4711", "EVALUATOR1", "TEST-1",
            "BASE64X9",
            "0x1F2A", "0x10", "5678", "FEFEFEF1", "abababababab", "MODEL3", "8CG1234567", "5CD12345", "C02ABCDEFG12",
            "R90ABCDE", "USED0042", "STANDARD-7X1", "TESTA1B2",
        ]
    )
    func genuine(value: String) {
        #expect(SerialNumber(value).junk == nil)
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
        #expect(SerialNumbers(product: good, board: other, chassis: other).labelledBest?.part == .product)
        #expect(SerialNumbers(product: junk, board: other, chassis: good).labelledBest?.part == .board)
        #expect(SerialNumbers(product: junk, board: junk, chassis: good).labelledBest?.part == .chassis)
    }
}
