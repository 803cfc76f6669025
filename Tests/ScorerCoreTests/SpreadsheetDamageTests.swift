import ScorerModel
import ScorerTestSupport
import Testing

@testable import SQLiteStore
@testable import ScorerCore

@Suite("A value that went through a spreadsheet")
struct SpreadsheetDamageTests {
    static let names: [(SpreadsheetDamage, [String])] = [
        (
            .scientific,
            ["8.93901E+18", "8,93901E+18", "1E+18", "1.23e+10", "8.93901E18", "5E-05", "-1.2E+7", " 8.93901E+18 "]
        ),
        (.fraction, ["893901000.0", "12345678,00"]), (.groups, ["893,901,000", "893.901.000", "1,234"]),
        (.roundedDigits, ["893901234567890000", "8939012345678900000"]),
        (.date, ["2024-05-12", "12/05/2024", "5/12/24", "12.05.2024", "2024-05-12 00:00:00", "2024-05-12T00:00:00Z"]),
        (.date, ["Dec-05", "05-Dec", "5-Dec-24", "05.Dez", "Mrz 2024", "1/2/99"]),
        (.time, ["12:30", "1:23:45", "12:30 PM"]),
        (.boolean, ["TRUE", "False"]),
        (.noValue, ["#N/A".replacing("#", with: ""), "NULL", "None", "nan", "undefined"]),
    ]
    static let texts: [(SpreadsheetDamage, [String])] = [
        (.formula, ["=\"00123456789\"", "=00123456789", "=HYPERLINK(\"x\")", " =A1"]),
        (.quote, ["'00123456789", "\u{2019}00123456789", "\"00123456789\"", "\u{201c}PF0FAKE1\u{201d}", "`PF0FAKE1"]),
        (
            .errorValue,
            ["#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#BEZUG!", "#NV", "#\u{a1}REF!", "Err:502"]
        ),
        (.tooNarrow, ["########", "##"]),
        (.invisible("\u{a0}"), ["PF0FAKE1\u{a0}", "\u{a0}PF0FAKE1", "PF0\u{a0}FAKE1"]),
        (.invisible("\u{200b}"), ["PF0FAKE1\u{200b}"]), (.invisible("\u{feff}"), ["\u{feff}PF0FAKE1"]),
        (.invisible("\u{202f}"), ["PF0\u{202f}FAKE1"]), (.invisible("\u{ad}"), ["PF0\u{ad}FAKE1"]),
    ]

    @Test("is recognised as what it became", arguments: names + texts)
    func recognised(damage: SpreadsheetDamage, values: [String]) {
        for value in values { #expect(SpreadsheetDamage(ofName: value) == damage, "\(value)") }
    }

    @Test("is recognised in a tag too, where no tag could look so", arguments: texts)
    func tags(damage: SpreadsheetDamage, values: [String]) {
        for value in values { #expect(SpreadsheetDamage(ofText: value) == damage, "\(value)") }
    }

    @Test(
        "is not every unusual value",
        arguments: [
            "5CG0460D0G", "PF3X9K2M", "1234E567", "12E45678", "893901234567890123", "8939010000000001",
            "VMware-42 1d 0f a4",
            "12-34-56789", "1234-56-78", "99.88.77", "1.2.3.4", "ABC:12:30", "MXL12345.0A", "2024051200", "May1234",
            "A-Dec-24",
            "123.456", "/5CG0460D0G/CN123/", "0000-0012-3456", "5CG 0460", "laptop-1.example.com", "*.example.com",
            "2024-13-45",
        ]
    )
    func kept(value: String) {
        #expect(SpreadsheetDamage(ofName: value) == nil)
    }

    private func error(_ text: String) -> String { error(Array(text.utf8)) }

    private func error(_ bytes: [UInt8]) -> String {
        let error = #expect(throws: OperatorError.self) { try InventoryFile(csv: bytes) }
        return error?.description ?? ""
    }

    @Test("is refused with its line and column, of whichever column it is")
    func places() throws {
        let head = "tag,serial,certificate_name\nsales,PF0FAKE1,laptop-1.acme.test\n"
        #expect(
            error(head + ",8.93901E+18,\n").hasPrefix(
                "line 3, column 2 (serial): '8.93901E+18' is a number in scientific"
            )
        )
        #expect(
            error(head + ",\"=\"\"00123456789\"\"\",\n").hasPrefix(
                "line 3, column 2 (serial): '=\"00123456789\"' is a formula"
            )
        )
        #expect(
            error(head + ",########,\n").hasPrefix("line 3, column 2 (serial): '########' is what a spreadsheet shows")
        )
        #expect(error(head + ",PF0FAKE2,#N/A\n").hasPrefix("line 3, column 3 (certificate_name): '#N/A' is an error"))
        #expect(error(head + ",PF0FAKE2,NULL\n").hasPrefix("line 3, column 3 (certificate_name): 'NULL' means"))
        #expect(error(head + "#REF!,PF0FAKE2,\n").hasPrefix("line 3, column 1 (tag): '#REF!' is an error"))
        #expect(
            error(head + ",PF0FAKE2\u{a0},\n").contains(
                "column 2 (serial): 'PF0FAKE2\u{a0}' has the invisible character U+00A0"
            )
        )
        let json = #"{"items": [{"serial": "PF0FAKE1"}, {"serial": "8.93901E+18"}]}"#
        let error = #expect(throws: OperatorError.self) { try InventoryFile(json: Array(json.utf8)) }
        #expect(error?.description.hasPrefix("items.1.serial: '8.93901E+18' is a number") == true)
        // A tag may be what no serial number could be.
        #expect(
            try InventoryFile(csv: Array("serial,tag\nPF0FAKE1,2024-05-12\n".utf8)).items.first?.tag == "2024-05-12"
        )
    }

    @Test("may have rows below it that are empty, and any line ends")
    func emptyRows() throws {
        for text in [
            "serial,tag\nPF0FAKE1,x\n,\n , \n,,,\n", "serial,tag\rPF0FAKE1,x\r",
            "sep=,\r\nserial,tag\r\nPF0FAKE1,x\r\n",
        ] {
            #expect(try InventoryFile(csv: Array(text.utf8)).items.map(\.serial) == ["pf0fake1"])
        }
        #expect(error("serial,tag\n,x\n").hasPrefix("line 2, column 1 (serial): '' identifies no machine"))
    }

    @Test("is not in comma-separated values at all, and the file is named for what it is")
    func formats() {
        for (text, format) in [
            ("serial;tag\nPF0FAKE1;x\n", .separated(by: .semicolon)),
            ("\u{feff}\"Serial\";\"tag\"\r\n", .separated(by: .semicolon)),
            ("tag\tserial\n", .separated(by: .tab)), ("serial|tag\n", .separated(by: .bar)),
            ("sep=;\nserial;tag", .separated(by: .semicolon)),
            ("PK\u{3}\u{4}x", .workbook),
        ] as [(String, FileFormat)] {
            #expect(FileFormat(of: Array(text.utf8)) == format, "\(text)")
            #expect(error(text) == "line 1: \(format)")
        }
        let text = "serial,tag\nPF0FAKE1,x\n"
        let wide = text.utf16.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] }
        for bytes in [[0xff, 0xfe] + wide, wide, [0xfe, 0xff, 0x00, 0x73]] {
            #expect(FileFormat(of: bytes) == .wideCharacters)
            #expect(error(bytes).hasPrefix("line 1: the file is UTF-16"))
        }
        for text in ["serial,tag\n", "serial\n", "a;b,serial\n", "Serial Number,tag\n", ""] {
            #expect(FileFormat(of: Array(text.utf8)) == nil, "\(text)")
        }
    }
}
