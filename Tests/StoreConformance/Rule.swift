package import ScorerStore

/// A rule that a store obeys, whatever its engine.
package struct Rule: Sendable, CustomStringConvertible {
    /// What holds.
    package let description: String
    private let body: @Sendable (TestedStore) async throws -> Void

    init(_ description: String, _ body: @escaping @Sendable (TestedStore) async throws -> Void) {
        self.description = description
        self.body = body
    }

    /// Checks the rule on a database that is new and empty.
    ///
    /// - Parameter open: Opens that database: at each call the same one once more, as another scorer would.
    /// - Throws: ``BrokenRule`` where the rule does not hold, and what the store throws.
    package func check(_ open: @escaping @Sendable () async throws -> any ScorerDatabase) async throws {
        try await body(TestedStore(store: try await open(), open: open))
    }
}

/// All rules; an engine's tests check each of them.
package enum StoreConformance {
    /// The rules, by what they are about.
    package static let rules: [Rule] =
        deviceRules + reportRules + claimRules + tagRules + noticeRules + useRules + commitRules + directoryRules
        + nameRules + blockRules + waiverRules + inventoryRules + tokenRules + caRules + auditRules + serviceRules
        + revocationRules + concurrencyRules + identityConcurrencyRules
}

/// What a rule expected, and what the store did.
package struct BrokenRule: Error, CustomStringConvertible {
    /// What was found, and where the rule says otherwise.
    package let description: String
}

func expect(_ holds: Bool, _ hint: String = "", file: String = #fileID, line: Int = #line) throws {
    if !holds { throw BrokenRule(description: "\(file):\(line): does not hold \(hint)") }
}

func expect<Value: Equatable>(
    _ actual: Value,
    is expected: Value,
    _ hint: String = "",
    file: String = #fileID,
    line: Int = #line
) throws {
    guard actual != expected else { return }
    throw BrokenRule(description: "\(file):\(line): \(hint)\n is:       \(actual)\n expected: \(expected)")
}

func require<Value>(_ value: Value?, file: String = #fileID, line: Int = #line) throws -> Value {
    guard let value else { throw BrokenRule(description: "\(file):\(line): there is none") }
    return value
}
