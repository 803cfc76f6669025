internal import COpenSSL

/// Why libcrypto could not do something: the call, and all that stood in the thread's error queue.
package struct OpenSSLError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The call that failed.
    package let call: String
    /// The queue's entries in OpenSSL's words, oldest first.
    package let reasons: [String]

    /// Creates an error of our own, where OpenSSL had no objection.
    init(_ call: String, reason: String) {
        self.call = call
        self.reasons = [reason]
    }

    private init(call: String, reasons: [String]) {
        self.call = call
        self.reasons = reasons
    }

    /// The error of the call that has just failed on this thread.
    ///
    /// Empties the queue: call it at once.
    static func current(_ call: String) -> OpenSSLError {
        var reasons: [String] = []
        while case let code = ERR_get_error(), code != 0 {
            if let text = unsafe ERR_reason_error_string(code) {
                reasons.append(unsafe String(cString: text))
            } else {
                reasons.append("error \(code)")
            }
        }
        return OpenSSLError(call: call, reasons: reasons)
    }

    /// One sentence, for a person.
    package var description: String {
        reasons.isEmpty ? "\(call) failed" : "\(call): \(reasons.joined(separator: ", "))"
    }
}
