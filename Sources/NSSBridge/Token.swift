internal import CNSS

/// A token of the open database: the database itself, or one of a PKCS #11 module that `pkcs11.txt` names.
///
/// It is a view: ``Tokens`` holds the reference, and lives as long as the database is open.
@NSS
@safe
struct Token {
    let pointer: OpaquePointer
    /// The token's own name, as `certutil -h` takes it.
    let name: String
    let isDatabase: Bool
    /// Why the private keys cannot be looked at, and what to do about it; nil if they can.
    var lock: String?

    init(_ pointer: OpaquePointer, isDatabase: Bool) {
        unsafe self.pointer = pointer
        self.isDatabase = isDatabase
        name = unsafe PK11_GetTokenName(pointer).map { unsafe String(cString: $0) } ?? ""
    }

    /// The token in a sentence; its name may be anything.
    var phrase: String {
        isDatabase ? "the database" : "the token '\(shown)'"
    }

    private var shown: String {
        String(String.UnicodeScalarView(name.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }))
    }

    /// Whether the keys are behind a password at all; an empty one of the database is none.
    var needsPassword: Bool {
        unsafe PK11_NeedLogin(pointer) != 0
    }

    /// Whether the token signs with RSA-PSS, of a digest.
    var supportsPSS: Bool {
        unsafe PK11_DoesMechanism(pointer, CK_MECHANISM_TYPE(CKM_RSA_PKCS_PSS)) != 0
    }

    /// What the token says of itself, or nil where it does not.
    var info: CK_TOKEN_INFO? {
        var info = CK_TOKEN_INFO()
        return unsafe PK11_GetTokenInfo(pointer, &info) == SECSuccess ? info : nil
    }

    /// Logs in, where the keys are behind a password, and sets ``lock`` where that was not possible.
    ///
    /// `identity` is what tells this token from all others, so that no password is tried on it a second time after it
    /// was wrong.
    mutating func unlock(_ password: [UInt8]?, identity: [UInt8]) {
        guard needsPassword else { return }
        guard let password else {
            lock =
                "the keys of \(phrase) are protected by a password: give it to postured in the systemd credential "
                + "that database_password_credential names"
                + (isDatabase ? "" : ", on a line '\(shown):PASSWORD'")
            return
        }
        let attempt = PasswordAttempt(identity: identity, password: password)
        guard !PasswordAttempt.failed.contains(attempt) else {
            lock = wrong
            return
        }
        if let obstacle {
            lock = obstacle
            return
        }
        PR_SetError(0, 0)
        let status = unsafe (password + [0]).withUnsafeBytes { bytes in
            unsafe PK11_CheckUserPassword(pointer, bytes.assumingMemoryBound(to: CChar.self).baseAddress)
        }
        guard status != SECSuccess else { return }
        let error = NSSError.last("PK11_CheckUserPassword")
        guard status == SECWouldBlock || error.isAboutPassword else {
            lock = "\(phrase) did not take the password: \(error)"
            return
        }
        PasswordAttempt.failed.insert(attempt)
        lock = wrong
    }

    private var wrong: String {
        "the password of \(phrase) in the systemd credential that database_password_credential names is wrong"
            + (isDatabase ? "" : "; it is not tried again, for a token locks itself")
    }

    /// Why a password is not to be risked; the database counts nothing.
    private var obstacle: String? {
        guard !isDatabase else { return nil }
        guard let flags = info?.flags else { return "\(phrase) does not say how many wrong passwords it still takes" }
        let last = CK_FLAGS(CKF_USER_PIN_COUNT_LOW) | CK_FLAGS(CKF_USER_PIN_FINAL_TRY)
        if flags & CK_FLAGS(CKF_USER_PIN_LOCKED) != 0 { return "\(phrase) has locked itself after wrong passwords" }
        if flags & last != 0 {
            return "\(phrase) has been given a wrong password before, and is not risked: "
                + "log in to it once with another program, such as certutil -K -h '\(shown)'"
        }
        // A person would have to be there to type it.
        if flags & CK_FLAGS(CKF_PROTECTED_AUTHENTICATION_PATH) != 0 {
            return "\(phrase) takes its password on its own keys only"
        }
        return nil
    }
}

/// A password that was wrong, without the password.
struct PasswordAttempt: Hashable {
    /// Those that were wrong, since this process started.
    @NSS static var failed: Set<PasswordAttempt> = []

    private let identity: [UInt8]
    /// Hashed with a seed that this process drew; a collision only keeps a password from being tried.
    private let hash: Int

    init(identity: [UInt8], password: [UInt8]) {
        self.identity = identity
        hash = password.hashValue
    }
}

extension NSSError {
    /// Whether a token refused the password, and not the question.
    fileprivate var isAboutPassword: Bool {
        let numbers = [
            SEC_ERROR_BAD_PASSWORD, SEC_ERROR_INVALID_PASSWORD, SEC_ERROR_EXPIRED_PASSWORD, SEC_ERROR_LOCKED_PASSWORD,
        ].map(\.rawValue)
        guard case .library(let number, _) = code else { return false }
        return numbers.contains(number)
    }
}
