internal import Synchronization

/// Something took longer than it may.
struct TookTooLong: Error, CustomStringConvertible {
    let limit: Duration
    var description: String { "it took longer than \(limit.components.seconds)s" }
}

/// What `work` returns, if it does so within `limit`.
///
/// Work that does not is left to itself: a system call that hangs cannot be called back.
///
/// - Throws: ``TookTooLong``, or what `work` throws.
func within<Value: Sendable>(
    _ limit: Duration,
    _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        let first = First(continuation)
        let patience = Task {
            guard (try? await Task.sleep(for: limit)) != nil else { return }
            first.resume(with: .failure(TookTooLong(limit: limit)))
        }
        Task {
            let result: Result<Value, any Error>
            do { result = .success(try await work()) } catch { result = .failure(error) }
            patience.cancel()
            first.resume(with: result)
        }
    }
}

/// A continuation that two tasks may resume: the first one does.
private final class First<Value: Sendable>: Sendable {
    private let place: Mutex<CheckedContinuation<Value, any Error>?>

    init(_ continuation: CheckedContinuation<Value, any Error>) { place = Mutex(continuation) }

    func resume(with result: Result<Value, any Error>) {
        place.withLock { $0.take() }?.resume(with: result)
    }
}
