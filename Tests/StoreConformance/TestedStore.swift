@_spi(Verifying) internal import PostureModel
internal import ScorerModel
internal import ScorerStore
internal import TestSupport

/// A store under test, and what is done with it, in short.
struct TestedStore: Sendable {
    static let now = SampleDevice.now

    let store: any ScorerDatabase
    let open: @Sendable () async throws -> any ScorerDatabase

    // MARK: Devices

    func register(_ numbers: Int..., at now: Timestamp = now) async throws {
        for number in numbers { try await store.add(SampleDevice.registration(number), at: now) }
    }

    /// Stores a report with what it claims.
    func accept(_ report: VerifiedReport, after seconds: Int64 = 0) async throws {
        try await store.accept(report, at: Self.now.adding(seconds: seconds))
    }

    func record(_ number: Int) async throws -> DeviceRecord {
        try require(try await store.record(of: SampleDevice.id(number)))
    }

    func delete(_ number: Int) async throws {
        let id = SampleDevice.id(number)
        let outcome = try await store.decide(from: .init(devices: [id])) { snapshot in
            let record = try require(snapshot.records[id])
            let claims = record.claims.map { held in
                var set = snapshot.claims(to: held.claim.identifier)
                set.remove(id)
                return Change.claims(set)
            }
            return (Commit([.deleteDevice(id, version: record.version)] + claims), true)
        }
        try expect(outcome)
    }

    // MARK: Claims

    func claims(_ kind: Identifier.Kind, _ value: String) async throws -> ClaimSet {
        let identifier = try require(Identifier(kind, value))
        return try await store.load(.init(identifiers: [identifier])).claims(to: identifier)
    }

    func holder(_ kind: Identifier.Kind, _ value: String) async throws -> DeviceID? {
        try await claims(kind, value).holder
    }

    // MARK: Changes

    func commit(_ changes: Change...) async throws -> CommitOutcome { try await store.commit(changes) }

    func commit(_ changes: Change..., audit: AuditEntry) async throws -> CommitOutcome {
        try await store.commit(changes, audit: audit)
    }

    /// Everything that the store says of what tests do: equal if nothing changed.
    func content() async throws -> [String] {
        let (ids, serials) = ((1...9).map(SampleDevice.id), (1...9).map { "pf0fake\($0)" })
        let identifiers =
            serials.compactMap { Identifier(.serial, $0) } + (1...9).compactMap { Identifier(.warp, "w\($0)") }
        let snapshot = try await store.load(
            .init(devices: Set(ids), identifiers: Set(identifiers), certificates: ["leaf"])
        )
        var lines = [
            "\(ids.map { snapshot.records[$0] as Any })", "\(identifiers.map { snapshot.claims(to: $0) })",
            "\(snapshot.registrations)", "\(try await store.devices(after: nil, limit: 99, silentSince: nil))",
            "\(try await store.inventory(after: nil, limit: 99))", "\(try await store.tokens(limit: 99))",
            "\(try await store.cas())", "\(try await store.crls())",
            "\(try await store.notices(Set(IdentityNotice.Kind.allCases), limit: 99))",
            "\(try await store.audit(limit: 99, before: nil))",
            "\(try await store.settingText("test") as Any)",
        ]
        for id in ids { lines.append("\(try await store.blocks(of: id))") }
        return lines
    }
}

extension AuditEntry {
    /// An entry; of later ones the `second` is greater.
    static func test(_ action: String = "test", second: Int64 = 0) -> AuditEntry {
        AuditEntry(at: SampleDevice.now.adding(seconds: second), actor: "a test", action: action, subject: "it")
    }
}
