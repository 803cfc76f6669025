internal import CCurl

extension HTTPResponse {
    /// In how many seconds the server wants the next request (RFC 9110 §10.2.3), at most a day; nil where it does not
    /// say, or says nothing that can be read.
    ///
    /// A date counts from the server's own `Date`, so that a wrong clock here does not matter; from `now`, in seconds
    /// since the epoch, where there is none.
    package func retryAfter(now: Int64) -> Int? {
        guard let text = headers["retry-after"], !text.isEmpty else { return nil }
        if text.utf8.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains) {
            // More digits than a number has are more than a day, too.
            return min(Int(text) ?? .max, Self.longestWait)
        }
        guard let moment = Self.seconds(ofDate: text) else { return nil }
        let reference = date ?? now
        let (wait, overflow) = moment.subtractingReportingOverflow(reference)
        return overflow ? nil : Int(min(max(wait, 0), Int64(Self.longestWait)))
    }

    /// The server's clock, its `Date` (RFC 9110 §6.6.1), in seconds since the epoch; nil where it does not say.
    package var date: Int64? { headers["date"].flatMap(Self.seconds(ofDate:)) }

    /// A day, in seconds.
    private static let longestWait = 86_400

    /// Seconds since the epoch of a date in any of the forms of RFC 9110 §5.6.7; nil for what is none.
    private static func seconds(ofDate text: String) -> Int64? {
        // curl_getdate(3) would also take a lone word such as 'Sun', or a number.
        guard text.contains(":"), CurlHandle.loadFailure == nil else { return nil }
        let seconds = unsafe CCurl_getdate(text)
        return seconds < 0 ? nil : Int64(seconds)
    }
}
