import PostureModel
import Testing

@testable import PostureModel

@Suite("JSON that others wrote")
struct WirePrintableTests {
    private func decoded(_ json: String) throws -> [String: String] {
        try Wire.decodePrintable(from: Array(json.utf8))
    }

    @Test(
        "has no character in it, written out or escaped, that steers a terminal, hides text or ends a line",
        arguments: [
            (#"\u001b[31m"#, "?[31m"), (#"\u001B]0;x\u0007"#, "?]0;x?"), ("\u{9b}31m", "?31m"), (#"\u009b31m"#, "?31m"),
            (#"a\nb\rc\td\be\ff"#, "a?b?c?d?e?f"), ("\u{202e}x\u{2066}", "?x?"), (#"\u202ex\u2066"#, "?x?"),
            ("\u{2028}\u{2029}", "??"), (#"\u2028\u2029"#, "??"), ("\u{200b}", "?"), (#"\u0000"#, "?"),
            (#"\u007f"#, "?"),
            ("\u{e0041}", "?"), (#"\udb40\udc41"#, "?"), (#"\ud83d\ude00"#, "😀"), ("größe 日本", "größe 日本"),
            (#"gr\u00f6\u00dfe"#, "größe"), (#"\"\\\/"#, #""\/"#), (#"\u0022\u005c"#, #""\"#),
            (#"\\u001b"#, #"\u001b"#),
            (#"\ud800"#, "?"), (#"\ud800\u0041"#, "?A"), (#"\udc00"#, "?"), (#"\ud83d\n"#, "??"),
        ]
    )
    func texts(json: String, shown: String) throws {
        #expect(try decoded(#"{"a":"\#(json)"}"#) == ["a": shown])
        #expect(try decoded(#"{"\#(json)":"b"}"#) == [shown: "b"])
    }

    @Test("has no text of more than 4,000 characters")
    func long() throws {
        let text = String(repeating: "a", count: 10_000)
        #expect(try decoded(#"{"a":"\#(text)"}"#)["a"]?.count == 4000)
        let escapes = String(repeating: #"\u0061"#, count: 10_000)
        #expect(try decoded(#"{"a":"\#(escapes)","b":"c"}"#) == ["a": String(repeating: "a", count: 4000), "b": "c"])
    }

    @Test(
        "is none after this that was none before",
        arguments: [
            #"{"a":"\"#, #"{"a":"\u"#, #"{"a":"\u12"}"#, #"{"a":"\u12xy"}"#, #"{"a":"\x"}"#, #"{"a":"b"#, #"{"a":"#, "",
            "\u{1b}{}", #"{"a":"b"}\u{9b}"#,
        ]
    )
    func broken(json: String) throws {
        #expect(throws: WireError.self) { try decoded(json) }
    }

    @Test("has its numbers, its order and its other texts as they were")
    func same() throws {
        let json = #"{"a": [1, -2.5e10, 9007199254740993, true, null], "b": {"c": "d \"e\" f"}}"#
        #expect(String(decoding: Wire.printable(Array(json.utf8)), as: UTF8.self) == json)
    }

    @Test("names no key in its own words where it cannot be read")
    func error() {
        let error = #expect(throws: WireError.self) {
            let _: [String: Int] = try Wire.decodePrintable(from: Array(#"{"\u001b[31m":"x"}"#.utf8))
        }
        #expect(error?.description == "has another type than expected at '?[31m'")
    }
}
