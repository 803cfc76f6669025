import PostureModel
import Testing

@Suite("JSON that is printed")
struct PrintedJSONTests {
    /// What steers a terminal or cannot be seen: DEL, C1 controls, directions, separators, zero-width characters, tags.
    static let hidden: [Unicode.Scalar] =
        [
            "\u{7f}", "\u{80}", "\u{85}", "\u{9b}", "\u{9f}", "\u{ad}", "\u{61c}", "\u{200b}", "\u{200d}", "\u{200e}",
            "\u{200f}",
        ]
        + ["\u{2028}", "\u{2029}", "\u{202a}", "\u{202e}", "\u{2060}", "\u{2066}", "\u{2069}", "\u{feff}", "\u{e0001}"]

    @Test(
        "has nothing in it that steers a terminal, in names and in values, and stands for the same texts",
        arguments: hidden
    )
    func escaped(scalar: Unicode.Scalar) throws {
        let text = "a\(scalar)\\\(scalar)\"z"
        for printed in [try Wire.pretty([text: [text]]), try Wire.line([text: [text]])] {
            #expect(!printed.unicodeScalars.contains(scalar))
            #expect(try Wire.decode([String: [String]].self, from: Array(printed.utf8)) == [text: [text]])
        }
    }

    @Test("keeps what can be seen, and its own line ends")
    func kept() throws {
        #expect(try Wire.line(["ä/🦁": "\n\u{1b}"]) == #"{"ä/🦁":"\n\u001b"}"#)
        #expect(try Wire.pretty(["a": 1]) == "{\n  \"a\" : 1\n}")
        #expect(try Wire.line("\u{e0001}") == #""\udb40\udc01""#)
    }

    @Test("is not what is sent and signed, whose bytes are as they were")
    func sent() throws {
        #expect(try Wire.encode("\u{202e}") == Array("\"\u{202e}\"".utf8))
    }
}
