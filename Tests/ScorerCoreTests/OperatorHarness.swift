import PostureModel
import ScorerModel
import ScorerStore
import ScorerTestSupport
import TestSupport
import Testing

@testable import SQLiteStore
@testable import ScorerCore

/// A store with devices, and an operator beside it.
struct OperatorHarness {
    let directory: TemporaryDirectory
    let store: SQLiteStore
    let now = SampleDevice.now

    init() throws {
        directory = try TemporaryDirectory("operators")
        store = try SQLiteStore(path: directory.file("scorer.sqlite"))
    }

    var commands: OperatorCommands {
        OperatorCommands(store: store, actor: "a test", logger: LogLines().logger, at: now)
    }

    /// A proof by a certificate's key.
    static func proof(_ key: String, name: String = "a.test", bound: [String: String] = [:]) -> CheckVerdict {
        CheckVerdict(id: "corp", level: .proven, key: key, proves: true, reason: "", bound: bound, commonName: name)
    }

    /// Registers a device that has the number, unless it is known, and takes a report of it.
    ///
    /// - Returns: its id, by which commands name it.
    @discardableResult
    func report(
        _ number: Int,
        nonce: Int64 = 1,
        serial: String? = nil,
        warpIDs: [String] = [],
        checks: [CheckVerdict] = [],
        at time: Timestamp? = nil
    ) async throws -> String {
        let id = SampleDevice.id(number)
        if try await store.record(of: id) == nil {
            let record = DeviceRecord(
                device: id,
                key: SampleDevice.key(number),
                registeredAt: now,
                registeredBy: .token(hash: "t")
            )
            #expect(try await store.commit([.device(record)]) == .committed)
        }
        var report = SampleDevice.verified(number, nonce: nonce, serial: serial, warpIDs: warpIDs, checks: checks)
            .report
        if warpIDs.isEmpty { report.warpIDs = .notApplicable(reason: "no client") }
        try await store.ingest(SampleDevice.verified(report, nonce: nonce, checks: checks), at: time ?? now)
        return id.rawValue
    }

    func record(_ id: String) async throws -> DeviceRecord {
        let device = try #require(DeviceID(rawValue: id))
        return try #require(try await store.record(of: device))
    }

    /// The strengths of the claims to an identifier, by the numbers of the devices, the strongest first.
    func claims(_ kind: Identifier.Kind, _ value: String) async throws -> [Claim] {
        let identifier = Identifier(stored: kind, value)
        return try await store.load(.init(identifiers: [identifier])).claims(to: identifier).claims
    }

    func error(_ body: () async throws -> Void) async -> OperatorError? {
        await #expect(throws: OperatorError.self) { try await body() }
    }
}
