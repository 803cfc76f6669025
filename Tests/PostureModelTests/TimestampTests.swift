import PostureModel
import Testing

private let (least, most) = (Int64.min, Int64.max)
private let ends: [Int64] = [least, least + 1, least + 999_999, most, most - 1, most / 1_000_000, least / 1_000_000, 0]

@Suite("A moment")
struct TimestampTests {
    @Test(
        "is written as RFC 3339 has it, to the second, rounded down",
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (999_999, "1970-01-01T00:00:00Z"), (1_000_000, "1970-01-01T00:00:01Z"),
            (-1, "1969-12-31T23:59:59Z"), (-1_000_000, "1969-12-31T23:59:59Z"), (-1_000_001, "1969-12-31T23:59:58Z"),
            (1_906_545_600_000_000, "2030-06-01T12:00:00Z"), (951_782_400_000_000, "2000-02-29T00:00:00Z"),
            (253_402_300_799_000_000, "9999-12-31T23:59:59Z"), (-2_208_988_800_000_000, "1900-01-01T00:00:00Z"),
        ] as [(Int64, String)]
    )
    func description(microseconds: Int64, text: String) {
        #expect(Timestamp(microseconds: microseconds).description == text)
    }

    @Test("has whole seconds, rounded down")
    func seconds() {
        for (microseconds, seconds) in [(0, 0), (1, 0), (1_000_000, 1), (-1, -1), (-1_000_000, -1), (-1_000_001, -2)]
            as [(Int64, Int64)]
        {
            #expect(Timestamp(microseconds: microseconds).seconds == seconds)
        }
        #expect(Timestamp(seconds: 7).microseconds == 7_000_000)
        #expect(Timestamp(seconds: 10).seconds(since: Timestamp(seconds: 12)) == -2)
        #expect(Timestamp(seconds: -3).adding(seconds: 5) == Timestamp(seconds: 2))
    }

    @Test(
        "does not trap at the ends of time",
        arguments: ends
    )
    func extremes(number: Int64) throws {
        for moment in [Timestamp(microseconds: number), Timestamp(seconds: number)] {
            #expect(!moment.description.isEmpty)
            #expect(moment.seconds <= .max / 1_000_000)
            #expect(moment.seconds >= .min / 1_000_000 - 1)
            for other in [Timestamp(microseconds: .min), Timestamp(microseconds: .max), Timestamp(seconds: 0)] {
                #expect((moment.seconds(since: other) < 0) == (moment.seconds < other.seconds))
            }
            for more in [Int64.min, -1, 0, 1, .max] {
                let sum = moment.adding(seconds: more)
                #expect(more < 0 ? sum <= moment : sum >= moment)
            }
            #expect(throws: Never.self) { try Wire.encode([moment]) }
        }
    }

    @Test("is refused on the wire outside of the years 1 to 9999")
    func years() throws {
        for number in [-62_135_596_800, 0, 253_402_300_799] as [Int64] {
            #expect(try Wire.decode([Timestamp].self, from: Array("[\(number)]".utf8)) == [Timestamp(seconds: number)])
        }
        for number in [Int64.min, -62_135_596_801, 253_402_300_800, .max] {
            #expect(throws: WireError.self) { try Wire.decode([Timestamp].self, from: Array("[\(number)]".utf8)) }
        }
    }

    @Test("is whole seconds on the wire")
    func wire() throws {
        #expect(try Wire.encode([Timestamp(microseconds: 1_999_999)]) == Array("[1]".utf8))
        for text in ["[1.5]", "[\"1\"]", "[9223372036854775808]", "[1e300]", "[true]", "[null]"] {
            #expect(throws: WireError.self) { try Wire.decode([Timestamp].self, from: Array(text.utf8)) }
        }
    }

    @Test("comes before what is later")
    func order() {
        #expect(Timestamp(microseconds: -1) < Timestamp(microseconds: 0))
        #expect(!(Timestamp(seconds: 1) < Timestamp(microseconds: 1_000_000)))
    }
}
