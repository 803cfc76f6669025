internal import CNSS

/// Why a call into NSS, or a question to an open database, failed.
package struct NSSError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of failure it is.
    package enum Code: Sendable, Equatable {
        /// NSS refused the call; `number` is its error code, `name` the constant, such as `SEC_ERROR_BAD_DATABASE`.
        case library(number: Int32, name: String)
        /// The database holds more objects of one kind than are read, or one that is larger than is read.
        case limitExceeded
        /// The certificate's token holds no private key for it, or is gone.
        case noPrivateKey
        /// The keys are behind a password, which this program does not have, or not the right one.
        case keysLocked
        /// The token does not know the algorithm.
        case unsupported
        /// The key's type or size does not suit the algorithm, or what it made is not a signature.
        case unsuitableKey
    }

    /// What kind of failure it is.
    package let code: Code
    /// The function that failed, such as `NSS_InitContext`.
    package let call: String
    /// What is wrong, in words.
    package let text: String

    /// One line for a person: what failed, and why.
    package var description: String {
        switch code {
        case .library(_, let name): "\(call): \(name): \(text)"
        default: text
        }
    }

    /// NSS's constant, or the text where the error is not NSS's.
    var name: String {
        if case .library(_, let name) = code { name } else { text }
    }

    init(_ code: Code, call: String, text: String) {
        self.code = code
        self.call = call
        self.text = text
    }

    /// The error of the call just made.
    ///
    /// NSS keeps it for each thread: nothing may run between the call and this, least of all a suspension.
    @NSS
    static func last(_ call: String) -> NSSError {
        let number = PR_GetError()
        guard number != 0 else {
            return NSSError(.library(number: 0, name: "no error code"), call: call, text: "NSS gives no reason")
        }
        let name = unsafe PR_ErrorToName(number).map { unsafe String(cString: $0) } ?? "error \(number)"
        let text =
            unsafe PR_ErrorToString(number, PRLanguageCode(PR_LANGUAGE_I_DEFAULT))
            .map { unsafe String(cString: $0) } ?? "no text"
        return NSSError(.library(number: number, name: name), call: call, text: text)
    }
}
