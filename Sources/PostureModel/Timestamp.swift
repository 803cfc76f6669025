internal import FoundationEssentials

/// A moment, in microseconds since 1970-01-01T00:00:00Z.
public struct Timestamp: Sendable, Hashable, Comparable {
    /// Microseconds since the epoch.
    public var microseconds: Int64

    /// Creates a moment from microseconds since the epoch.
    public init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// Creates a moment from seconds since the epoch; one beyond what microseconds can say becomes the farthest.
    public init(seconds: Int64) {
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        self.microseconds = overflow ? (seconds < 0 ? .min : .max) : product
    }

    /// The system's clock.
    ///
    /// Only composition roots ask it; everything else takes the time as an argument.
    public static func now() -> Timestamp {
        Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
    }

    /// Whole seconds since the epoch, rounded down.
    public var seconds: Int64 {
        let (quotient, remainder) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        return remainder < 0 ? quotient - 1 : quotient
    }

    /// Seconds from `earlier` to this moment; negative if this one is the earlier.
    public func seconds(since earlier: Timestamp) -> Int64 {
        seconds - earlier.seconds
    }

    /// This moment moved by so many seconds.
    public func adding(seconds more: Int64) -> Timestamp {
        let (sum, overflow) = microseconds.addingReportingOverflow(Timestamp(seconds: more).microseconds)
        return Timestamp(microseconds: overflow ? (more < 0 ? .min : .max) : sum)
    }

    /// Whether one comes before the other.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.microseconds < right.microseconds
    }
}

extension Timestamp: CustomStringConvertible {
    /// RFC 3339 in UTC, to the second: `2026-11-22T09:30:00Z`.
    public var description: String {
        Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
    }
}

/// Whole seconds on the wire.
extension Timestamp: Codable {
    /// Reads the wire form.
    public init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        let seconds = try value.decode(Int64.self)
        // The years that RFC 3339 can write.
        guard (-62_135_596_800...253_402_300_799).contains(seconds) else {
            throw DecodingError.dataCorruptedError(in: value, debugDescription: "not within the years 1 to 9999")
        }
        self.init(seconds: seconds)
    }

    /// Writes the wire form.
    public func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        try value.encode(seconds)
    }
}
