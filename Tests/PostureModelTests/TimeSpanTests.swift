import PostureModel
import Testing

@Suite("A time span")
struct TimeSpanTests {
    @Test(
        "is a whole number and one unit",
        arguments: [
            ("90s", 90), ("30m", 1800), ("12h", 43_200), ("7d", 604_800), ("2w", 1_209_600), ("0s", 0),
            ("007d", 604_800),
            ("999999999w", 999_999_999 * 604_800),
        ] as [(String, Int64)]
    )
    func reads(_ text: String, _ seconds: Int64) {
        #expect(TimeSpan(text)?.seconds == seconds)
    }

    @Test(
        "is nothing else",
        arguments: [
            "", "s", "90", "30min", "30 m", " 30m", "30m ", "1.5h", "-1h", "+1h", "1h30m", "7D", "7days", "1y", "1ms",
            "٣d",
            "1000000000s", "99999999999999999999s", "1e3s", "0x1s",
        ]
    )
    func refuses(_ text: String) {
        #expect(TimeSpan(text) == nil)
    }

    @Test(
        "is shown rounded down, in the unit of which it has two",
        arguments: [
            (-5, "0s"), (0, "0s"), (119, "119s"), (120, "2m"), (7199, "119m"), (7200, "2h"), (172_799, "47h"),
            (172_800, "2d"), (31_536_000, "365d"),
        ] as [(Int64, String)]
    )
    func shows(_ seconds: Int64, _ text: String) {
        #expect("\(TimeSpan(seconds: seconds))" == text)
        if seconds >= 0 { #expect(TimeSpan(text).map { $0.seconds <= seconds } == true, "what is shown can be typed") }
    }

    @Test("is a text in a document, and no number")
    func decodes() throws {
        #expect(
            try Wire.decode([TimeSpan].self, from: Array(#"["30m", "2w"]"#.utf8)).map(\.seconds) == [1800, 1_209_600]
        )
        for text in ["[300]", #"["300"]"#, #"["30min"]"#, "[null]", "[1.5]", "[true]"] {
            #expect(throws: (any Error).self) { try Wire.decode([TimeSpan].self, from: Array(text.utf8)) }
        }
    }
}
