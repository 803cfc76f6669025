internal import COpenSSL
internal import PostureModel

/// Whether each of some keys made one signature; bounded, and safe to use from several threads.
///
/// - Note: Sendable because OpenSSL's lock guards the dictionary. A `Synchronization.Mutex` would be reported by
///   ThreadSanitizer, falsely.
@safe final class KeyAnswers: @unchecked Sendable {
    /// The most keys that are remembered: when there are more, all are forgotten.
    private static let limit = 64
    private let lock = unsafe CRYPTO_THREAD_lock_new()
    private var answers: [JWK: Bool] = [:]

    deinit { unsafe CRYPTO_THREAD_lock_free(lock) }

    /// The answer for a key, which `find` gives the first time.
    func answer(for key: JWK, _ find: () -> Bool) -> Bool {
        if let known = locked({ answers[key] }) { return known }
        let answer = find()
        locked {
            if answers.count >= Self.limit { answers = [:] }
            answers[key] = answer
        }
        return answer
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        _ = unsafe CRYPTO_THREAD_write_lock(lock)
        defer { _ = unsafe CRYPTO_THREAD_unlock(lock) }
        return body()
    }
}
