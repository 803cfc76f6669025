import Collectors
import Foundation
@_spi(Signing) import PostureModel
import Reporting
import TestSupport
import Testing
import Watching

@testable import Agent
@testable import Daemon

@Suite("The daemon", .timeLimit(.minutes(5)))
struct DaemonTests {
    let fake = FakeDependencies()
    let away = DeliveryError.unreachable("nobody there")

    @Test("reports at its start, when something changed, and after the interval")
    func when() async throws {
        let daemon = await fake.daemon()
        try await fake.ended(1)
        fake.advance(200)
        await daemon.changed([.file(path: "/etc/pki/nssdb")], isConfiguration: false)
        fake.advance(1)
        try await fake.ended(2)
        fake.advance(331)
        try await fake.ended(3)
    }

    @Test("remembers that something is to be reported, and since when, until it arrives")
    func pending() async throws {
        fake.results(.failure(away), .failure(away))
        let daemon = await fake.daemon()
        try await fake.ended(1)
        #expect(fake.saved.all.last?.pendingSince == Timestamp(seconds: 1_795_000_000))
        #expect(fake.saved.all.last?.failures == 1)
        fake.advance(6)
        try await fake.ended(2)
        #expect(fake.saved.all.last?.failures == 2)
        #expect(fake.saved.all.last?.failingSince == Timestamp(seconds: 1_795_000_000))
        #expect(fake.saved.all.last?.error == "the scorer cannot be reached: nobody there")
        await daemon.changed([.network], isConfiguration: false)
        fake.advance(1)
        try await fake.ended(3)
        var expected = AgentState()
        (expected.answer, expected.answeredAt) = (FakeDependencies.answer(90), Timestamp(seconds: 1_795_000_007))
        #expect(fake.saved.all.last == expected)
    }

    @Test("does not hurry after a restart where the last life ended with failures")
    func restart() async throws {
        var state = AgentState()
        (state.failures, state.pendingSince) = (30, Timestamp(seconds: 1_700_000_000))
        let daemon = await fake.daemon(remembering: state)
        let next = try #require(await daemon.status().nextReportAt)
        #expect((0...900).contains(next.seconds(since: Timestamp(seconds: 1_795_000_000))))
        #expect(await daemon.status().pendingSince == Timestamp(seconds: 1_700_000_000))
        fake.advance(901)
        try await fake.ended(1)
    }

    @Test("begins anew where what it remembers is damaged, and says so")
    func damaged() async throws {
        _ = await fake.daemon(damage: FakeDependencies.TestError(description: "state.json: is not JSON"))
        try await fake.ended(1)
        #expect(fake.lines.all.first == "error: the state is damaged; beginning anew, reason state.json: is not JSON")
    }

    @Test("waits for a configuration that it can use, says what to do, and then reports")
    func unconfigured() async throws {
        let daemon = await fake.daemon(flaw: .init(description: "set scorer.url"))
        #expect(fake.lines.all == ["error: no configuration can be used; waiting for one, reason set scorer.url"])
        #expect(await daemon.status().summary == "waiting for a configuration: set scorer.url")
        await #expect(throws: NotConfigured.self) { try await daemon.reportNow() }
        await daemon.changed([.network], isConfiguration: false)
        fake.advance(100_000)
        #expect(fake.reports == 0)
        #expect(await daemon.status().nextReportAt == nil)
        fake.nextLoad(.failure(.init(description: "set check.trusted")))
        await daemon.reload()
        #expect(await daemon.status().configurationFlaw == "set check.trusted")
        // What came before it was watched is a change as well.
        await daemon.changed([], isConfiguration: true)
        fake.advance(1)
        try await fake.ended(1)
        #expect(await daemon.status().configurationFlaw == nil)
    }

    @Test("reports again what changed while a report was on its way")
    func meanwhile() async throws {
        fake.block(true)
        let daemon = await fake.daemon()
        try await fake.begun(1)
        #expect(await daemon.status().nextReportAt == nil)
        await daemon.changed([.network], isConfiguration: false)
        fake.block(false)
        try await fake.ended(1)
        fake.advance(1)
        try await fake.ended(2)
    }

    @Test("is not healthy while a report has no end")
    func health() async throws {
        fake.block(true)
        let daemon = await fake.daemon()
        try await fake.begun(1)
        #expect(await daemon.isHealthy)
        fake.advance(2401)
        #expect(await !daemon.isHealthy)
        fake.block(false)
        try await fake.ended(1)
        #expect(await daemon.isHealthy)
    }

    @Test("keeps the configuration that it has where a new one cannot be used, and says so once")
    func reload() async throws {
        let daemon = await fake.daemon()
        try await fake.ended(1)
        for _ in 0..<2 {
            fake.nextLoad(.failure(FakeDependencies.TestError(description: "postured.toml: no")))
            await daemon.reload()
        }
        #expect(await daemon.status().configurationFlaw == "postured.toml: no")
        #expect(await daemon.status().scorer == "https://scorer.test")
        await daemon.changed([.file(path: "/etc/postured/postured.toml")], isConfiguration: true)
        #expect(await daemon.status().configurationFlaw == nil)
        #expect(
            fake.lines.all.filter { $0.contains("configuration") } == [
                "error: the newest configuration cannot be used; the last good one stays, reason postured.toml: no",
                "notice: the configuration is in use",
            ]
        )
        fake.advance(1)
        try await fake.ended(2)
    }

    @Test("reports at once by another configuration, whatever failed before")
    func mended() async throws {
        fake.results(.failure(away), .failure(away), .failure(away))
        let daemon = await fake.daemon()
        try await fake.ended(1)
        fake.advance(6)
        try await fake.ended(2)
        fake.advance(11)
        try await fake.ended(3)
        await daemon.reload()
        fake.advance(1)
        try await fake.ended(4)
        #expect(fake.saved.all.last?.answer?.score.value == 90)
    }

    @Test(
        "looks once for all who ask within ten seconds, and does not show what it saw before where it cannot look now"
    )
    func look() async throws {
        let daemon = await fake.daemon()
        try await fake.ended(1)
        fake.failLooks(FakeDependencies.TestError(description: "the collector is gone"))
        for _ in 0..<3 { #expect(await daemon.status(isFresh: true).error == "the collector is gone") }
        #expect(fake.looks == 1)
        fake.failLooks(nil)
        fake.advance(11)
        async let one = daemon.status(isFresh: true).error
        async let other = daemon.status(isFresh: true).error
        #expect(await [one, other] == [nil, nil])
        #expect(fake.looks == 2)
    }

    @Test("says one line for a change of state, and none for a cycle like the last one")
    func lines() async throws {
        let rule = {
            FakeDependencies.answer($0, rules: [RuleResult(rule: "fresh", points: $0, available: 100, reason: "old")])
        }
        fake.results(
            .success(rule(100)),
            .success(rule(100)),
            .failure(away),
            .failure(away),
            .success(rule(100)),
            .success(rule(70)),
            .success(rule(70))
        )
        _ = await fake.daemon()
        for count in 1...7 {
            try await fake.ended(count)
            fake.advance(1000)
        }
        #expect(
            fake.lines.all.prefix(5) == [
                "notice: the scorer knows this machine",
                "notice: reported, score 100",
                "warning: cannot report; will try again, reason the scorer cannot be reached: nobody there",
                "notice: reported, score 100",
                "notice: reported, score 70",
            ]
        )
        #expect(fake.lines.all[5] == "warning: the scorer gives 70 of 100 for fresh, reason old, rule fresh")
        #expect(fake.lines.all.count == 6)
    }

    @Test("names no serial number to the journal or to people, wherever it may stand")
    func serials() async throws {
        let facts = Facts.named("laptop-pf3xyz9", serial: "PF3XYZ9")
        let check = CheckResult(id: "corp", notFound: "no certificate with the common name 'pf3xyz9.corp'")
        let collected = CollectedFacts(
            facts: facts,
            warp: .unknown,
            warpClient: WARPAnswer(ids: .observed([])),
            checks: [check]
        )
        fake.see(Sighting(view: MachineView(collected, at: Timestamp(seconds: 0))))
        let rule = RuleResult(rule: "present", points: 0, available: 20, reason: "not found: CN=PF3XYZ9.corp")
        fake.results(
            .success(FakeDependencies.answer(10, rules: [rule])),
            .failure(DeliveryError.unreachable("PF3XYZ9 at home"))
        )
        let daemon = await fake.daemon()
        try await fake.ended(1)
        fake.advance(400)
        try await fake.ended(2)
        let status = try Wire.pretty(await daemon.status())
        for text in fake.lines.all + [status] { #expect(!text.lowercased().contains("pf3xyz9"), "\(text)") }
        #expect(fake.lines.all.contains { $0.contains("(not shown).corp") })
        #expect(fake.lines.all.count == 5)
        // Nor does it remember one: the next life may not have looked when it is asked.
        for state in fake.saved.all { #expect(try !Wire.pretty(state).lowercased().contains("pf3xyz9")) }
        fake.see(nil)
        #expect(try !Wire.pretty(await daemon.status()).lowercased().contains("pf3xyz9"))
    }

    @Test("tells whoever asks for a report how that one ended, and not the one that was on its way")
    func asked() async throws {
        fake.block(true)
        fake.results(.success(FakeDependencies.answer(1)), .success(FakeDependencies.answer(2)), .failure(away))
        let daemon = await fake.daemon()
        try await fake.begun(1)
        let answer = Task.immediate { try await daemon.reportNow() }
        // What came before on the daemon's actor is done.
        _ = await daemon.isHealthy
        fake.block(false)
        #expect(try await answer.value.score.value == 2)
        await #expect(throws: DeliveryError.self) { try await daemon.reportNow() }
    }
}
