extension Timestamp {
    /// The moment of a text such as `2026-11-22T09:30:00Z` or `2026-11-22T10:30:00.5+01:00` (RFC 3339 §5.6); nil for
    /// anything else.
    ///
    /// Fractions of a second are dropped.
    public init?(rfc3339 text: String) {
        var rest = Array(text.utf8)[...]
        guard let year = rest.number(4), rest.take("-"), let month = rest.number(2), rest.take("-"),
            let day = rest.number(2), rest.take("Tt "), let hour = rest.number(2), rest.take(":"),
            let minute = rest.number(2), rest.take(":"), let second = rest.number(2)
        else { return nil }
        if rest.take(".") {
            guard rest.number(1) != nil else { return nil }
            while rest.number(1) != nil {}
        }
        guard let offset = rest.offset(), rest.isEmpty, year >= 1, (1...12).contains(month), hour < 24, minute < 60,
            second <= 60, (1...Self.days(in: month, year)).contains(day)
        else { return nil }
        let days = Self.daysSinceEpoch(year, month, day)
        self.init(seconds: Int64(days * 86_400 + hour * 3600 + minute * 60 + second - offset))
    }

    private static func days(in month: Int, _ year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    /// Days from 1970-01-01, in the Gregorian calendar; years begin in March, so that leap days end them.
    private static func daysSinceEpoch(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let (march, shifted) = ((month + 9) % 12, month <= 2 ? year - 1 : year)
        return 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + (march * 306 + 5) / 10 + day - 1 - 719_468
    }
}

extension ArraySlice<UInt8> {
    /// Takes so many digits off the front.
    fileprivate mutating func number(_ count: Int) -> Int? {
        let digits = prefix(count)
        guard digits.count == count, digits.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains) else {
            return nil
        }
        removeFirst(count)
        return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }

    /// Takes one of these characters off the front.
    fileprivate mutating func take(_ characters: String) -> Bool {
        guard let first, characters.utf8.contains(first) else { return false }
        removeFirst()
        return true
    }

    /// Takes `Z` or an offset such as `+01:00` off the front, as seconds.
    fileprivate mutating func offset() -> Int? {
        if take("Zz") { return 0 }
        let sign = first == UInt8(ascii: "-") ? -1 : 1
        guard take("+-"), let hours = number(2), take(":"), let minutes = number(2), hours < 24, minutes < 60 else {
            return nil
        }
        return sign * (hours * 3600 + minutes * 60)
    }
}
