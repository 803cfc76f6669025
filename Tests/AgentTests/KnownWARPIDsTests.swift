import PostureModel
import TestSupport
import Testing

@testable import Agent

@Suite("What is reported of the WARP ids")
struct KnownWARPIDsTests {
    private static let now = SampleDevice.now
    private static let silent = Observation<[String]>.unreadable(reason: "did not end in 2000 ms")
    private static let absent = Observation<[String]>.notApplicable(reason: "no /usr/bin/warp-cli")

    private func decide(
        _ told: Observation<[String]>,
        certificates: [String] = [],
        configured: [String] = [],
        rememberedFor seconds: Int64? = nil
    ) -> KnownWARPIDs {
        KnownWARPIDs(
            told: told,
            certificates: certificates,
            configured: configured,
            remembered: seconds.map { WARPIDs(ids: ["remembered"], readAt: Self.now.adding(seconds: -$0)) },
            at: Self.now
        )
    }

    private func ids(_ ids: [String], readBefore seconds: Int64 = 0) -> Observation<WARPIDs> {
        .observed(WARPIDs(ids: ids, readAt: Self.now.adding(seconds: -seconds)))
    }

    @Test("is what the client tells now, and what the configuration adds, whatever is remembered")
    func told() {
        for remembered in [nil, 0, 300, 3660, -60] as [Int64?] {
            let known = decide(.observed(["told"]), configured: ["mine", "TOLD"], rememberedFor: remembered)
            #expect(known.ids == ids(["told", "mine"]))
            #expect(known.source == .client)
        }
    }

    @Test(
        "is what the client told at most an hour ago, with that time, where it does not tell now",
        arguments: [0, 1, 300, 3600]
    )
    func remembered(seconds: Int64) {
        #expect(decide(Self.silent, rememberedFor: seconds).ids == ids(["remembered"], readBefore: seconds))
        let known = decide(Self.silent, configured: ["mine"], rememberedFor: seconds)
        #expect(known.ids == ids(["remembered", "mine"], readBefore: seconds))
        #expect(known.source == .memory)
    }

    @Test("is nothing that was told longer ago, or in the future", arguments: [3601, 3660, 86_400, -1, -3600])
    func tooOld(seconds: Int64) {
        #expect(decide(Self.silent, rememberedFor: seconds).ids == .unreadable(reason: "did not end in 2000 ms"))
        let known = decide(Self.silent, configured: ["mine"], rememberedFor: seconds)
        #expect(known.ids == ids(["mine"]))
        #expect(known.source == .configuration)
    }

    @Test("is what WARP's own certificates have, rather than what is remembered")
    func certificates() {
        let known = decide(Self.silent, certificates: ["certificate"], configured: ["mine"], rememberedFor: 60)
        #expect(known.ids == ids(["certificate", "mine"]))
        #expect(known.source == .certificate)
    }

    @Test("is that nobody can tell, and why, where there is nothing else")
    func nobody() {
        #expect(decide(Self.silent).ids == .unreadable(reason: "did not end in 2000 ms"))
        #expect(decide(Self.silent).source == nil)
    }

    @Test("is that there is no client, and nothing that is remembered of one")
    func noClient() {
        let known = decide(Self.absent, certificates: ["certificate"], rememberedFor: 60)
        #expect(known.ids == .notApplicable(reason: "no /usr/bin/warp-cli"))
        let configured = decide(Self.absent, certificates: ["certificate"], configured: ["mine"], rememberedFor: 60)
        #expect(configured.ids == ids(["mine"]))
        #expect(configured.source == .configuration)
    }
}
