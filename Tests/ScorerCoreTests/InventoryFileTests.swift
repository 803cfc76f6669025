import ScorerTestSupport
import TestSupport
import Testing

@testable import ScorerCore
@testable import ScorerModel

@Suite("A file of the inventory")
struct InventoryFileTests {
    func items(_ text: String) throws -> [InventoryItem] { try InventoryFile(csv: Array(text.utf8)).items }

    func error(_ text: String) -> String {
        let error = #expect(throws: OperatorError.self) { try items(text) }
        return error?.description ?? ""
    }

    @Test(
        "has its columns in any order, lines that end in either way, and quotes as RFC 4180 has them",
        arguments: [
            "serial,certificate_name,tag\nPF0FAKE1,laptop-1.acme.test,sales\n",
            "tag,serial,certificate_name\r\nsales,PF0FAKE1,laptop-1.acme.test\r\n",
            "\u{feff}\"Serial\",\" TAG \",certificate_name\n\"PF0FAKE1\",\"sales\",laptop-1.acme.test",
            "\nserial,certificate_name,tag\n\n pf0fake1 , laptop-1.acme.test , sales \n\n",
            "serial,room,certificate_name,tag\nPF0FAKE1,\"1, \"\"2\"\"\r\n3\",laptop-1.acme.test,sales\n",
        ]
    )
    func forms(text: String) throws {
        let item = InventoryItem(serial: "pf0fake1", certificateName: "laptop-1.acme.test", tag: "sales")
        #expect(try items(text) == [item])
    }

    @Test("may have serial numbers alone; what is blank is not there")
    func blank() throws {
        let item = InventoryItem(serial: "pf0fake1", certificateName: nil, tag: nil)
        #expect(try items("serial\nPF0FAKE1\n") == [item])
        #expect(try items("serial,tag\nPF0FAKE1,\n") == [item])
        #expect(try items("serial,tag\nPF0FAKE1,\" \"\n") == [item])
    }

    @Test("may have WARP ids, each of one machine, in the form of identifiers")
    func warpIDs() throws {
        let lines = try items("warp_id,serial\n W-1 ,PF0FAKE1\n,PF0FAKE2\n")
        #expect(lines.map(\.warpID) == ["w-1", nil])
        let json = Array(#"{"items": [{"serial": "PF0FAKE1", "warp_id": "W-1"}]}"#.utf8)
        #expect(try InventoryFile(json: json).items == [lines[0]])
        for (text, words) in [
            ("PF0FAKE1,W-1\nPF0FAKE2,w-1\n", "line 3, column 2 (warp_id): 'w-1' is there already, in line 2"),
            ("PF0FAKE1,9.02E+21\n", "line 2, column 2 (warp_id): '9.02E+21' is a number in scientific notation"),
            ("PF0FAKE1,a\u{1b}b\n", "line 2, column 2 (warp_id)"),
            ("PF0FAKE1,\(String(repeating: "a", count: 257))\n", "is no WARP id"),
        ] { #expect(error("serial,warp_id\n\(text)").contains(words), "\(error("serial,warp_id\n\(text)"))") }
    }

    @Test("names the columns that mean nothing")
    func ignored() throws {
        let file = try InventoryFile(csv: Array("room,serial,Tags\n1,PF0FAKE1,x\n".utf8))
        #expect(file.ignored == ["room", "tags"] && file.items.first?.tag == nil)
    }

    @Test(
        "with something wrong is refused as a whole, and the line and the column are named",
        arguments: [
            ("", "line 1: there is no line"), ("serial\n", "no machine"), ("tag\nx\n", "line 1: no column is 'serial'"),
            ("serial;tag\nPF0FAKE1;x\n", "separated by commas"), ("serial,serial\na,b\n", "two columns are 'serial'"),
            ("serial,tag\nPF0FAKE1\n", "line 2: there are 1 fields, and the first line has 2"),
            ("serial,tag\nPF0FAKE1,a,b\n", "line 2: there are 3 fields"),
            ("serial\nPF0FAKE1\nNone\n", "line 3, column 1 (serial): 'None' identifies no machine: a placeholder"),
            ("tag,serial\na,PF0FAKE1\nb,\n", "line 3, column 2 (serial): '' identifies no machine: empty"),
            (
                "serial\nPF0FAKE1\nPF0FAKE2\npf0fake1\n",
                "line 4, column 1 (serial): 'pf0fake1' is there already, in line 2"
            ),
            ("serial,tag\nPF0FAKE1,\"a\nb\"\n", "line 2, column 2 (tag): is not a text"),
            ("serial,tag\nPF0FAKE1,a\u{1b}[2J\n", "line 2, column 2 (tag): is not a text"),
            ("serial,tag\n\"PF\n0\",a\nPF0FAKE1,\"b\n", "line 4, column 2: has a quote that is never closed"),
            ("serial,tag\nPF0FAKE1,a\"b\"\n", "line 2, column 2: has a quote inside"),
            ("serial,tag\nPF0FAKE1,\"a\"b\n", "line 2, column 2: has a quote inside"),
        ]
    )
    func wrong(text: String, words: String) {
        #expect(error(text).contains(words), "\(error(text))")
    }

    @Test("is bounded in its fields, lines and texts, and is UTF-8")
    func bounds() {
        let wide = String(repeating: ",", count: CSV.fieldLimit)
        #expect(error("serial\(wide)\n").contains("line 1, column 65: there are more than 64 fields"))
        let long = "serial,tag\nPF0FAKE1,\(String(repeating: "a", count: 257))\n"
        #expect(error(long).contains("at most 256 bytes"))
        let many = (0...InventoryItem.limit).map { "serial\($0)" }.joined(separator: "\n")
        #expect(error("serial\n\(many)\n").contains("line 100002, column 1: there are more than 100001 lines"))
        let error = #expect(throws: OperatorError.self) {
            try InventoryFile(csv: Array("serial,tag\nPF0FAKE1,".utf8) + [0xFF])
        }
        #expect(error?.description == "line 2, column 2: is not UTF-8")
    }

    @Test("of any bytes whatever is taken or refused")
    func anyBytes() {
        var generator = SystemRandomNumberGenerator()
        let letters = Array("serial,tag\n\r\"PF0\u{feff}".utf8) + [0, 0xFF]
        for _ in 0..<2000 {
            let bytes = (0..<Int.random(in: 0...60, using: &generator)).compactMap { _ in letters.randomElement() }
            _ = try? InventoryFile(csv: Array("serial,tag\n".utf8) + bytes)
        }
    }
}
