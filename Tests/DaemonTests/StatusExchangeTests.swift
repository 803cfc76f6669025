import PostureModel
import Reporting
import TestSupport
import Testing

@testable import Daemon

@Suite("What anybody may ask the daemon", .timeLimit(.minutes(5)))
struct StatusExchangeTests {
    let fake = FakeDependencies()

    func ask(_ daemon: Daemon, _ text: String, isTrusted: Bool) async throws -> StatusAnswer {
        try StatusAnswer(received: await daemon.answer(Array(text.utf8), isTrusted: isTrusted))
    }

    @Test("is the status; to make it do something is for root alone")
    func trust() async throws {
        let daemon = await fake.daemon()
        try await fake.ended(1)
        for question in StatusQuestion.allCases {
            let text = #"{"version":1,"question":"\#(question.rawValue)"}"#
            let answer = try await ask(daemon, text, isTrusted: false)
            #expect((answer.status != nil) != question.isCommand)
            #expect(
                answer.error
                    == (question.isCommand ? "only root may make the daemon report: sudo postured report" : nil)
            )
        }
        #expect(fake.reports == 1)
        let answer = try await ask(daemon, #"{"version":1,"question":"report"}"#, isTrusted: true)
        #expect(answer.status?.answer?.score.value == 90)
        #expect(fake.reports == 2)
    }

    @Test("makes the daemon replace the key before a report, or retire the device, and says whether it has retired")
    func keys() async throws {
        let daemon = await fake.daemon()
        try await fake.ended(1)
        fake.results(.success(FakeDependencies.answer(91)), .failure(DeviceRetired()))
        let replaced = try await ask(daemon, #"{"version":1,"question":"replace-key"}"#, isTrusted: true)
        #expect(replaced.status?.answer?.score.value == 91)
        #expect(replaced.error == nil && replaced.hasRetired == nil)
        let retired = try await ask(daemon, #"{"version":1,"question":"retire"}"#, isTrusted: true)
        #expect(retired.hasRetired == true)
        #expect(retired.error == nil)
        #expect(retired.status?.error?.hasPrefix("this device has retired") == true)
        #expect(fake.firsts == [.report, .keyReplacement, .retirement])
    }

    @Test("asks for nothing that comes before a report a second time, also where it fails")
    func once() async throws {
        let daemon = await fake.daemon()
        try await fake.ended(1)
        fake.results(.failure(DeliveryError.unreachable("no")))
        let answer = try await ask(daemon, #"{"version":1,"question":"retire"}"#, isTrusted: true)
        #expect(answer.hasRetired == nil)
        #expect(answer.error == "the scorer cannot be reached: no")
        _ = try await ask(daemon, #"{"version":1,"question":"report"}"#, isTrusted: true)
        #expect(fake.firsts == [.report, .retirement, .report])
    }

    @Test("is not kept for a configuration that comes later")
    func unconfigured() async throws {
        let daemon = await fake.daemon(flaw: .init(description: "no scorer"))
        let answer = try await ask(daemon, #"{"version":1,"question":"retire"}"#, isTrusted: true)
        #expect(answer.error == "no scorer")
        await daemon.reload()
        try await fake.ended(1)
        #expect(fake.firsts == [.report])
    }

    @Test("finds a device that has retired tried once a day")
    func retired() async throws {
        let daemon = await fake.daemon()
        try await fake.ended(1)
        fake.results(.failure(DeviceRetired()))
        _ = try await ask(daemon, #"{"version":1,"question":"retire"}"#, isTrusted: true)
        let status = await daemon.status()
        let next = try #require(status.nextReportAt)
        #expect((70_000...100_000).contains(next.seconds(since: status.now)))
        #expect(fake.lines.all.contains { $0.contains("this device has retired") })
    }

    @Test("is answered whatever it is", arguments: ["", "{", "[]", #"{"version":1,"question":"shell"}"#])
    func nonsense(text: String) async throws {
        let answer = try await ask(await fake.daemon(), text, isTrusted: true)
        #expect(answer.status == nil)
        #expect(answer.error?.hasPrefix("the question ") == true)
    }

    @Test("is a line for the service manager")
    func summary() {
        let now = Timestamp(seconds: 1_795_000_000)
        var status = AgentStatus(agent: "postured/0", now: now, unwatched: [])
        #expect(status.summary == "waiting for a configuration: there is none")
        status.scorer = "https://scorer.test"
        status.nextReportAt = now.adding(seconds: 7)
        #expect(status.summary == "never reported, next in 7s")
        (status.answer, status.answeredAt) = (FakeDependencies.answer(92), now.adding(seconds: -180))
        status.nextReportAt = now.adding(seconds: 120)
        #expect(status.summary == "score 92, reported 3m ago, next in 2m")
        status.error = "the scorer cannot be reached: no"
        #expect(
            status.summary
                == "score 92, reported 3m ago, cannot report: the scorer cannot be reached: no, next in 2m"
        )
    }
}
