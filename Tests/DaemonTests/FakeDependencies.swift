import Agent
import Logging
import PostureModel
import Synchronization
import TestSupport
import Testing

@testable import Daemon

/// A daemon whose clock stands still until it is told to go on, and whose reports end as they are told to.
final class FakeDependencies: DaemonDependencies, Reporter {
    private struct State {
        var uptime = 0.0
        var sleepers: [(until: Double, continuation: CheckedContinuation<Void, Never>)] = []
        var results: [Result<ReportAnswer, any Error>] = []
        var isBlocked = false
        var blocked: [CheckedContinuation<Void, Never>] = []
        var reports = 0
        var firsts: [SigningRequest] = []
        var looks = 0
        var lookError: TestError?
        var loads: [Result<Void, TestError>] = []
        var seen: Sighting?
    }

    struct TestError: Error, CustomStringConvertible { let description: String }

    private let state = Mutex(State())
    let saved = Collected<AgentState>()
    let statuses = Collected<AgentStatus>()
    let lines = Collected<String>()

    /// A daemon that has begun; with `flaw`, it found no configuration that it could use.
    func daemon(
        remembering state: AgentState = AgentState(),
        damage: TestError? = nil,
        flaw: TestError? = nil
    ) async -> Daemon {
        let daemon = Daemon(
            self,
            service: flaw.map { DaemonService.unconfigured($0, unwatched: []) } ?? service(),
            state: Result { try damage.map { throw $0 } ?? state },
            logger: logger
        )
        await daemon.start()
        return daemon
    }

    var uptime: Double { state.withLock(\.uptime) }
    var now: Timestamp { Timestamp(seconds: 1_795_000_000 + Int64(uptime)) }
    var executor: (any TaskExecutor)? { nil }
    var newest: Sighting? { state.withLock(\.seen) }
    var reports: Int { state.withLock(\.reports) }
    /// What each report had to do before.
    var firsts: [SigningRequest] { state.withLock(\.firsts) }
    var looks: Int { state.withLock(\.looks) }

    /// Looks fail from now on, or do not.
    func failLooks(_ error: TestError?) { state.withLock { $0.lookError = error } }

    /// What the next reports come to; after the last of them a score of 90.
    func results(_ results: Result<ReportAnswer, any Error>...) { state.withLock { $0.results = results } }

    /// What the next look at the configuration comes to.
    func nextLoad(_ result: Result<Void, TestError>) { state.withLock { $0.loads.append(result) } }

    /// What was seen last is this from now on.
    func see(_ seen: Sighting?) { state.withLock { $0.seen = seen } }

    /// Reports hang from now on, or go on.
    func block(_ isBlocked: Bool) {
        let freed = state.withLock { state in
            state.isBlocked = isBlocked
            defer { if !isBlocked { state.blocked = [] } }
            return isBlocked ? [] : state.blocked
        }
        freed.forEach { $0.resume() }
    }

    /// Lets so many seconds pass.
    func advance(_ seconds: Double) {
        let awake = state.withLock { state in
            state.uptime += seconds
            let now = state.uptime
            let awake = state.sleepers.filter { $0.until <= now }
            state.sleepers.removeAll { $0.until <= now }
            return awake
        }
        awake.forEach { $0.continuation.resume() }
    }

    /// Waits until so many reports have ended.
    func ended(_ count: Int) async throws {
        for _ in 0..<6000 where statuses.all.count < count { try await Task.sleep(for: .milliseconds(10)) }
        #expect(statuses.all.count == count)
    }

    /// Waits until so many reports have begun.
    func begun(_ count: Int) async throws {
        for _ in 0..<6000 where reports < count { try await Task.sleep(for: .milliseconds(10)) }
        #expect(reports == count)
    }

    static func answer(_ score: Int, nextReportIn: Int = 300, rules: [RuleResult] = []) -> ReportAnswer {
        guard let device = DeviceID(rawValue: String(repeating: "A", count: 43)) else { fatalError("no device id") }
        return ReportAnswer(
            device: device,
            score: Score(value: score, rules: rules),
            receivedAt: Timestamp(seconds: 1_795_000_000),
            nextReportIn: nextReportIn
        )
    }

    func load() throws -> DaemonService {
        let result = state.withLock { $0.loads.isEmpty ? .success(()) : $0.loads.removeFirst() }
        try result.get()
        return service()
    }

    func save(_ state: AgentState) { saved.add(state) }

    func learned(_ status: AgentStatus, isReport: Bool) { if isReport { statuses.add(status) } }

    private func service() -> DaemonService {
        DaemonService(
            scorer: "https://scorer.test",
            interval: 300,
            flaw: nil,
            stateDirectory: "/nowhere",
            reporter: self
        )
    }

    func look() throws {
        try state.withLock { state in
            state.looks += 1
            if let error = state.lookError { throw error }
        }
    }

    func report(first: SigningRequest) async throws -> ReportAnswer {
        let isBlocked = state.withLock { state in
            state.reports += 1
            state.firsts.append(first)
            return state.isBlocked
        }
        if isBlocked { await withCheckedContinuation { next in state.withLock { $0.blocked.append(next) } } }
        return try state.withLock { $0.results.isEmpty ? .success(Self.answer(90)) : $0.results.removeFirst() }.get()
    }

    func sleep(until: Double) async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if until > state.uptime { state.sleepers.append((until, continuation)) }
                return until <= state.uptime
            }
            if isOver { continuation.resume() }
        }
    }

    private var logger: Logger { Logger(label: "test") { _ in Handler(lines: self.lines) } }

    private struct Handler: LogHandler {
        let lines: Collected<String>
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let values = (event.metadata ?? [:]).filter { $0.key != "message_id" }.sorted { $0.key < $1.key }
            lines.add("\(event.level): \(event.message)\(values.map { ", \($0.key) \($0.value)" }.joined())")
        }
    }
}
