internal import OpenSSLBridge
package import PostureModel
internal import ScorerModel
package import ScorerStore
internal import Scoring
internal import TestSupport

/// A fleet of machines that are not: what a scorer's store holds after a year of them.
///
/// The same count, seed and moment give the same fleet. Nothing was signed: the keys are random bytes.
package struct SampleFleet: Sendable {
    /// How many devices go into the store in one transaction; what is held in memory grows with it.
    private static let batchSize = 10_000

    /// How many devices there are.
    package let count: Int
    let seed: UInt64
    let now: Timestamp
    /// The id of the only certificate check.
    let check: String
    /// The fingerprint of the CA that the certificates end at.
    let anchor: String
    let issuerKey: String
    let rootKey: String
    let tokenHash: String
    let policy = Policy.standard
    let trust: Trust

    /// Creates a fleet as of `now`, whose certificates end at the CA with the fingerprint `anchor`.
    package init(count: Int, seed: UInt64, now: Timestamp, check: String = "corp", anchor: String? = nil) {
        var generator = SeededGenerator(seed: seed)
        (self.count, self.seed, self.now, self.check) = (count, seed, now, check)
        self.anchor = anchor ?? generator.digest()
        issuerKey = generator.digest()
        rootKey = generator.digest()
        tokenHash = generator.digest()
        trust = Trust(checks: [check: Trust.Check(anchors: [self.anchor], refusesUnknown: false)])
    }

    /// Fills an empty store, and calls `progress` with the number of devices that are in it.
    ///
    /// The machines of the next batch are made while those of one are written.
    package func fill(_ store: any ScorerDatabase, progress: (Int) -> Void = { _ in }) async throws {
        guard try await store.counts(at: now).devices == 0 else { throw SampleFleetError.notEmpty }
        var operators = FleetOperators(0, of: self, store: store)
        try await operators.createTokens()
        let sizes = stride(from: 0, to: count, by: Self.batchSize).map { min(Self.batchSize, count - $0) }
        var (earlier, done): ([SampleMachine], Int) = ([], 0)
        var next = try await Self.make(0, of: sizes[0], in: self, earlier: earlier)
        for (number, size) in sizes.enumerated() {
            let machines = next
            if earlier.count < 1000 { earlier += machines.prefix(200) }
            let candidates = earlier
            async let following =
                number + 1 < sizes.count
                ? Self.make(number + 1, of: sizes[number + 1], in: self, earlier: candidates) : []
            try await write(machines, number, to: store)
            next = try await following
            done += size
            progress(done)
        }
    }

    @concurrent
    private static func make(
        _ number: Int,
        of size: Int,
        in fleet: SampleFleet,
        earlier: [SampleMachine]
    ) async throws -> [SampleMachine] {
        try MachineBatch(number, of: size, in: fleet, earlier: earlier).machines
    }

    private func write(_ machines: [SampleMachine], _ number: Int, to store: any ScorerDatabase) async throws {
        var operators = FleetOperators(number + 1, of: self, store: store)
        try await operators.importInventory(of: machines)
        var waiting = machines
        // Of machines that claim the same identifier, one goes in, and the others begin again from what is stored then.
        while !waiting.isEmpty {
            let identifiers = Set(waiting.flatMap { MachineCommit(fleet: self, machine: $0).identifiers })
            let snapshot = try await store.load(.init(identifiers: identifiers, tokens: [tokenHash]))
            let commits = try waiting.map { machine in
                guard let commit = try MachineCommit(fleet: self, machine: machine).commit(over: snapshot) else {
                    throw SampleFleetError.refused
                }
                return commit
            }
            let outcomes = try await store.commit(commits)
            let left = zip(waiting, outcomes).filter { $0.1 != .committed }.map(\.0)
            guard left.count < waiting.count else { throw SampleFleetError.refused }
            waiting = left
        }
        try await operators.decide(about: machines)
        try await operators.useRows(of: machines)
        try await operators.rememberUnmatched(machines.count / 50)
    }
}

/// Why a store was not filled.
package enum SampleFleetError: Error, CustomStringConvertible {
    /// There are devices in the store.
    case notEmpty
    /// The store takes a device in no attempt.
    case refused

    /// A sentence for a person.
    package var description: String {
        switch self {
        case .notEmpty: "the store has devices already: name a file that does not exist yet"
        case .refused: "the store does not take a device: the generator is wrong"
        }
    }
}
