import Foundation
import PostureModel
import Reporting
import Synchronization
import TestSupport

@testable import Agent

/// A device without checks that reports to a scorer, and whose processes end where a test wants them to.
struct DeliveringDevice: Sendable {
    struct Crash: Error {}

    let directory: TemporaryDirectory
    let scorer: ModelScorer
    let warnings = Collected<String>()
    var keys: KeyDirectory { KeyDirectory(directory.file("keys")) }

    init() throws {
        directory = try TemporaryDirectory("device")
        scorer = try ModelScorer()
    }

    /// A copy of a device: another machine with the same key and the same receipts.
    init(copying other: DeliveringDevice) throws {
        directory = try TemporaryDirectory("copy")
        scorer = other.scorer
        try FileManager.default.copyItem(atPath: other.keys.path, toPath: directory.file("keys"))
    }

    /// A delivery of a new process; where it `crashes` it does not get as far as telling what the scorer decided.
    func delivery(
        sender: String = "the service",
        crashes type: MessageType? = nil,
        now: @escaping @Sendable () -> Timestamp = Timestamp.now
    ) -> Delivery {
        let collector = LocalCollector(
            inspector: HostInspector(
                root: TestDevice.root,
                configuration: .empty,
                sources: .files(below: TestDevice.root)
            ),
            configuration: .empty,
            keys: keys,
            sender: sender,
            now: now
        )
        return Delivery(
            to: ScorerClient(audience: scorer.server.url, userAgent: "postured/test"),
            signing: { try await collector.collect($0, nonce: $1, audience: $2).message },
            settling: { settlement in
                if settlement.type == type { throw Crash() }
                try await collector.settle(settlement)
            },
            enrolmentToken: { nil },
            warn: { [warnings] in warnings.add($0) }
        )
    }

    @discardableResult
    func report(first: SigningRequest = .report) async throws -> ReportAnswer {
        try await delivery().report(first: first)
    }

    /// The device as the key directory has it.
    func key() throws -> DeviceKey { try keys.locked { try keys.contents().key } }
    /// The receipt that the next report shows.
    func receipt() throws -> String? {
        try keys.locked { try keys.ledger().receipt(of: keys.contents().key.device, for: scorer.server.url) }
    }
}
