import Synchronization

/// The statements that a store runs, without their values.
final class Statements: Sendable {
    private let kept = Mutex<Set<String>>([])

    var texts: Set<String> { kept.withLock { $0 } }

    func add(_ text: String) { kept.withLock { _ = $0.insert(text) } }

    /// Forgets what was run until now.
    func clear() { kept.withLock { $0 = [] } }

    /// What reads or changes rows, each statement once.
    var all: [String] {
        texts.filter { text in
            ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].contains { text.uppercased().hasPrefix($0) }
        }.sorted()
    }
}
