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
    let rim = TestRim()
    let away = DeliveryError.unreachable("nobody there")

    @Test("reports at its start, when something changed, and after the interval")
    func when() async throws {
        let daemon = await rim.daemon()
        try await rim.ended(1)
        rim.advance(200)
        await daemon.changed([.file(path: "/etc/pki/nssdb")], isConfiguration: false)
        rim.advance(1)
        try await rim.ended(2)
        rim.advance(331)
        try await rim.ended(3)
    }

    @Test("remembers that something is to be reported, and since when, until it arrives")
    func pending() async throws {
        rim.results(.failure(away), .failure(away))
        let daemon = await rim.daemon()
        try await rim.ended(1)
        #expect(rim.saved.all.last?.pendingSince == Timestamp(seconds: 1_795_000_000))
        #expect(rim.saved.all.last?.failures == 1)
        rim.advance(6)
        try await rim.ended(2)
        #expect(rim.saved.all.last?.failures == 2)
        #expect(rim.saved.all.last?.failingSince == Timestamp(seconds: 1_795_000_000))
        #expect(rim.saved.all.last?.error == "the scorer cannot be reached: nobody there")
        await daemon.changed([.network], isConfiguration: false)
        rim.advance(1)
        try await rim.ended(3)
        var expected = AgentState()
        (expected.answer, expected.answeredAt) = (TestRim.answer(90), Timestamp(seconds: 1_795_000_007))
        #expect(rim.saved.all.last == expected)
    }

    @Test("does not hurry after a restart where the last life ended with failures")
    func restart() async throws {
        var state = AgentState()
        (state.failures, state.pendingSince) = (30, Timestamp(seconds: 1_700_000_000))
        let daemon = await rim.daemon(remembering: state)
        let next = try #require(await daemon.status().nextReportAt)
        #expect((0...900).contains(next.seconds(since: Timestamp(seconds: 1_795_000_000))))
        #expect(await daemon.status().pendingSince == Timestamp(seconds: 1_700_000_000))
        rim.advance(901)
        try await rim.ended(1)
    }

    @Test("begins anew where what it remembers is damaged, and says so")
    func damaged() async throws {
        _ = await rim.daemon(damage: TestRim.TestError(description: "state.json: is not JSON"))
        try await rim.ended(1)
        #expect(rim.lines.all.first == "error: the state is damaged; beginning anew, reason state.json: is not JSON")
    }

    @Test("waits for a configuration that it can use, says what to do, and then reports")
    func unconfigured() async throws {
        let daemon = await rim.daemon(flaw: .init(description: "set scorer.url"))
        #expect(rim.lines.all == ["error: no configuration can be used; waiting for one, reason set scorer.url"])
        #expect(await daemon.status().summary == "waiting for a configuration: set scorer.url")
        await #expect(throws: NotConfigured.self) { try await daemon.reportNow() }
        await daemon.changed([.network], isConfiguration: false)
        rim.advance(100_000)
        #expect(rim.reports == 0)
        #expect(await daemon.status().nextReportAt == nil)
        rim.nextLoad(.failure(.init(description: "set check.trusted")))
        await daemon.reload()
        #expect(await daemon.status().configurationFlaw == "set check.trusted")
        // What came before it was watched is a change as well.
        await daemon.changed([], isConfiguration: true)
        rim.advance(1)
        try await rim.ended(1)
        #expect(await daemon.status().configurationFlaw == nil)
    }

    @Test("reports again what changed while a report was on its way")
    func meanwhile() async throws {
        rim.block(true)
        let daemon = await rim.daemon()
        try await rim.begun(1)
        #expect(await daemon.status().nextReportAt == nil)
        await daemon.changed([.network], isConfiguration: false)
        rim.block(false)
        try await rim.ended(1)
        rim.advance(1)
        try await rim.ended(2)
    }

    @Test("is not healthy while a report has no end")
    func health() async throws {
        rim.block(true)
        let daemon = await rim.daemon()
        try await rim.begun(1)
        #expect(await daemon.isHealthy)
        rim.advance(1201)
        #expect(await !daemon.isHealthy)
        rim.block(false)
        try await rim.ended(1)
        #expect(await daemon.isHealthy)
    }

    @Test("keeps the configuration that it has where a new one cannot be used, and says so once")
    func reload() async throws {
        let daemon = await rim.daemon()
        try await rim.ended(1)
        for _ in 0..<2 {
            rim.nextLoad(.failure(TestRim.TestError(description: "postured.toml: no")))
            await daemon.reload()
        }
        #expect(await daemon.status().configurationFlaw == "postured.toml: no")
        #expect(await daemon.status().scorer == "https://scorer.test")
        await daemon.changed([.file(path: "/etc/postured/postured.toml")], isConfiguration: true)
        #expect(await daemon.status().configurationFlaw == nil)
        #expect(
            rim.lines.all.filter { $0.contains("configuration") } == [
                "error: the newest configuration cannot be used; the last good one stays, reason postured.toml: no",
                "notice: the configuration is in use",
            ]
        )
        rim.advance(1)
        try await rim.ended(2)
    }

    @Test("reports at once by another configuration, whatever failed before")
    func mended() async throws {
        rim.results(.failure(away), .failure(away), .failure(away))
        let daemon = await rim.daemon()
        try await rim.ended(1)
        rim.advance(6)
        try await rim.ended(2)
        rim.advance(11)
        try await rim.ended(3)
        await daemon.reload()
        rim.advance(1)
        try await rim.ended(4)
        #expect(rim.saved.all.last?.answer?.score.value == 90)
    }

    @Test(
        "looks once for all who ask within ten seconds, and does not show what it saw before where it cannot look now"
    )
    func look() async throws {
        let daemon = await rim.daemon()
        try await rim.ended(1)
        rim.failLooks(TestRim.TestError(description: "the collector is gone"))
        for _ in 0..<3 { #expect(await daemon.status(isFresh: true).error == "the collector is gone") }
        #expect(rim.looks == 1)
        rim.failLooks(nil)
        rim.advance(11)
        async let one = daemon.status(isFresh: true).error
        async let other = daemon.status(isFresh: true).error
        #expect(await [one, other] == [nil, nil])
        #expect(rim.looks == 2)
    }

    @Test("says one line for a change of state, and none for a cycle like the last one")
    func lines() async throws {
        let rule = { TestRim.answer($0, rules: [RuleResult(rule: "fresh", points: $0, available: 100, reason: "old")]) }
        rim.results(
            .success(rule(100)),
            .success(rule(100)),
            .failure(away),
            .failure(away),
            .success(rule(100)),
            .success(rule(70)),
            .success(rule(70))
        )
        _ = await rim.daemon()
        for count in 1...7 {
            try await rim.ended(count)
            rim.advance(1000)
        }
        #expect(
            rim.lines.all.prefix(5) == [
                "notice: the scorer knows this machine",
                "notice: reported, score 100",
                "warning: cannot report; will try again, reason the scorer cannot be reached: nobody there",
                "notice: reported, score 100",
                "notice: reported, score 70",
            ]
        )
        #expect(rim.lines.all[5] == "warning: the scorer gives 70 of 100 for fresh, reason old, rule fresh")
        #expect(rim.lines.all.count == 6)
    }

    @Test("names no serial number to the journal or to people, wherever it may stand")
    func serials() async throws {
        let nothing = "nothing"
        let facts = Facts(
            serials: SerialNumbers(
                product: .observed(SerialNumber("PF3XYZ9")),
                board: .notApplicable(reason: nothing),
                chassis: .notApplicable(reason: nothing)
            ),
            macs: .unreadable(reason: nothing),
            kernelHostname: .observed("laptop-pf3xyz9"),
            staticHostname: .unreadable(reason: nothing),
            warpIPv4: .unreadable(reason: nothing),
            osRelease: .unreadable(reason: nothing),
            kernelRelease: .unreadable(reason: nothing),
            machineID: .unreadable(reason: nothing),
            bootID: .unreadable(reason: nothing)
        )
        let check = CheckResult(id: "corp", notFound: "no certificate with the common name 'pf3xyz9.corp'")
        let collected = CollectedFacts(facts: facts, warpIDs: [], warpClient: .observed([]), checks: [check])
        rim.see(Sighting(view: MachineView(collected, at: Timestamp(seconds: 0))))
        let rule = RuleResult(rule: "present", points: 0, available: 20, reason: "not found: CN=PF3XYZ9.corp")
        rim.results(.success(TestRim.answer(10, rules: [rule])), .failure(DeliveryError.unreachable("PF3XYZ9 at home")))
        let daemon = await rim.daemon()
        try await rim.ended(1)
        rim.advance(400)
        try await rim.ended(2)
        let status = try Wire.pretty(await daemon.status())
        for text in rim.lines.all + [status] { #expect(!text.lowercased().contains("pf3xyz9"), "\(text)") }
        #expect(rim.lines.all.contains { $0.contains("(not shown).corp") })
        #expect(rim.lines.all.count == 5)
        // Nor does it remember one: the next life may not have looked when it is asked.
        for state in rim.saved.all { #expect(try !Wire.pretty(state).lowercased().contains("pf3xyz9")) }
        rim.see(nil)
        #expect(try !Wire.pretty(await daemon.status()).lowercased().contains("pf3xyz9"))
    }

    @Test("tells whoever asks for a report how that one ended, and not the one that was on its way")
    func asked() async throws {
        rim.block(true)
        rim.results(.success(TestRim.answer(1)), .success(TestRim.answer(2)), .failure(away))
        let daemon = await rim.daemon()
        try await rim.begun(1)
        let answer = Task { try await daemon.reportNow() }
        // The daemon has heard it once it has noted that something is to be reported.
        while await !daemon.isAsked { await Task.yield() }
        rim.block(false)
        #expect(try await answer.value.score.value == 2)
        await #expect(throws: DeliveryError.self) { try await daemon.reportNow() }
    }
}
