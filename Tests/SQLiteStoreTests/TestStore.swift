@_spi(Verifying) import PostureModel
import TestSupport

@testable import SQLiteStore
@testable import ScorerModel

/// A store in a file of its own, and what goes into it, in short.
struct TestStore {
    static let now = Timestamp(seconds: 1_800_000_000)

    let directory: TemporaryDirectory
    let store: SQLiteStore

    init() throws {
        directory = try TemporaryDirectory("store")
        store = try SQLiteStore(path: directory.file("scorer.sqlite"))
    }

    var path: String { directory.file("scorer.sqlite") }

    /// The database as SQL: what it holds, row by row.
    func dump() throws -> String {
        try runTool("sqlite3", [path, ".dump"]).text
    }

    static func device(_ number: Int) -> DeviceID {
        var bytes = [UInt8](repeating: 0, count: 32)
        bytes[0] = UInt8(truncatingIfNeeded: number >> 8)
        bytes[1] = UInt8(truncatingIfNeeded: number)
        guard let id = DeviceID(rawValue: Base64URL.encode(bytes)) else { preconditionFailure("32 bytes make an id") }
        return id
    }

    static func registration(_ number: Int) -> VerifiedRegistration {
        let key = JWK.ec(
            curve: .p256,
            x: [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 32),
            y: [UInt8](repeating: 2, count: 32)
        )
        return VerifiedRegistration(device: device(number), key: key, token: nil, provenCertificate: "leaf")
    }

    static func token(uses: Int, hash: String = "token", expiresAt: Timestamp = now.adding(seconds: 3600))
        -> StoredToken
    {
        StoredToken(hash: hash, createdAt: now, expiresAt: expiresAt, usesLeft: uses)
    }

    /// A report of a device; its nonce was issued `nonce` microseconds after ``now``.
    static func report(
        _ number: Int,
        nonce: Int64,
        serial: String? = nil,
        warpIDs: [String] = [],
        agent: String = "postured/test",
        checks: [CheckVerdict] = [],
        hostname: String? = nil,
        bootID: String? = nil
    ) -> VerifiedReport {
        let none = Observation<String>.unreadable(reason: "not looked at")
        let facts = Facts(
            serials: SerialNumbers(
                product: serial.map { .observed(SerialNumber($0)) } ?? .unreadable(reason: "permission denied"),
                board: .unreadable(reason: "permission denied"),
                chassis: .unreadable(reason: "permission denied")
            ),
            macs: .observed([]),
            kernelHostname: .observed(hostname ?? "laptop-\(number)"),
            staticHostname: none,
            warpIPv4: .notApplicable(reason: "no interface"),
            osRelease: .observed(OSRelease(id: "debian", versionID: "12")),
            kernelRelease: none,
            machineID: none,
            bootID: bootID.map { .observed($0) } ?? none
        )
        let report = Report(
            device: device(number),
            audience: "https://scorer.example.test",
            agent: agent,
            collectedAt: now,
            facts: facts,
            warpIDs: warpIDs,
            checks: []
        )
        return VerifiedReport(
            report: report,
            checks: checks,
            nonceIssuedAt: Timestamp(microseconds: now.microseconds + nonce)
        )
    }

    /// Registers devices by certificate.
    func register(_ numbers: Int...) async throws {
        for number in numbers {
            _ = try await store.register(
                Self.registration(number),
                by: .certificate(fingerprint: "leaf", deviceLimit: 1000),
                at: Self.now
            )
        }
    }

    @discardableResult
    func accept(
        _ report: VerifiedReport,
        failing: Set<String> = [],
        after seconds: Int64 = 0
    ) async throws -> AcceptOutcome {
        try await store.accept(report, receivedAt: Self.now.adding(seconds: seconds)) { _ in failing }
    }

    /// The device that holds an identifier.
    func holder(_ kind: Identifier.Kind, _ value: String) async throws -> DeviceID? {
        guard let identifier = Identifier(kind, value) else { return nil }
        return try await store.reports(claiming: [identifier])[identifier]?.first?.report.report.device
    }
}

extension AcceptOutcome {
    /// Whether the report was stored.
    var isAccepted: Bool { if case .accepted = self { true } else { false } }

    /// What it changed for others; nil if it was not stored.
    var change: BindingChange? { if case .accepted(_, let change) = self { change } else { nil } }
}

extension AuditEntry {
    /// An entry; of later ones the `second` is greater.
    static func test(_ action: String = "test", _ subject: String = "it", second: Int64 = 0) -> AuditEntry {
        AuditEntry(at: TestStore.now.adding(seconds: second), actor: "a test", action: action, subject: subject)
    }
}

/// Changes that are not about the audit.
extension SQLiteStore {
    func add(_ token: StoredToken) async throws { try await add(token, audit: .test()) }

    func add(_ authority: StoredAuthority, limit: Int) async throws -> AuthorityOutcome {
        try await add(authority, limit: limit, audit: .test())
    }

    func removeAuthority(_ id: String) async throws -> StoredAuthority? {
        try await removeAuthority(id, audit: .test())
    }
}
