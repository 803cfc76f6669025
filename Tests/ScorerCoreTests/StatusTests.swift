import OpenSSLBridge
import PostureModel
import ScorerModel
import ScorerStore
import ScorerTestSupport
import TestSupport
import Testing

@testable import SQLiteStore
@testable import ScorerCore

@Suite("The status of the fleet")
struct StatusTests {
    let operators: OperatorHarness

    init() throws { operators = try OperatorHarness() }

    @Test("counts devices, rows by their links, WARP readings, conflicts, notices and unmatched rows")
    func counts() async throws {
        try await operators.report(1, serial: "PF0FAKE1", warpIDs: ["w-1"])
        let second = try await operators.report(2, serial: "PF0FAKE1", at: operators.now.adding(seconds: -7200))
        let gone = try await operators.report(3)
        var record = try await operators.record(gone)
        record.retiredAt = operators.now
        let (first, now) = (SampleDevice.id(1), operators.now)
        func use(_ device: DeviceID, _ strength: ClaimStrength, at time: Timestamp) -> Change {
            let use = RowUse(
                device: device,
                row: "w-\(strength)",
                kind: .warp,
                strength: strength,
                agreeing: [.mac, .serial],
                askedAt: time
            )
            return .use(device, use, insteadOf: nil)
        }
        let changes = [
            .device(record), use(first, .carried, at: now),
            use(try #require(DeviceID(rawValue: second)), .reported, at: now.adding(seconds: -2 * 86_400)),
            .notice(IdentityNotice(.lending, of: first, other: "w-2", since: now)),
        ]
        #expect(try await operators.store.commit(changes) == .committed)
        let row = UnmatchedDevice(
            warpID: "w-9",
            serial: "",
            hostname: "",
            email: "",
            ipv4: "",
            reason: "r",
            firstAt: now,
            lastAt: now
        )
        try await operators.store.remember([row], matched: [])
        let status = try await operators.commands.status()
        #expect(status.devices.withinHour == 1 && status.devices.withinDay == 1 && status.devices.retired == 1)
        #expect(status.identities.links.rows == [.init(.warp, .carried): 1], "a row of the day before is left out")
        #expect(status.identities.links.agreeing == [.mac: 1, .serial: 1])
        #expect(status.identities.links.readings == [.read: 1, .noClient: 1])
        #expect(status.identities.conflicts == [.serial: 1] && status.identities.notices == [.lending: 1])
        #expect(status.identities.unmatched == 1 && status.pendingChanges == [] && status.overdueCRLs == [])
    }

    @Test("names the revocation lists that are out of date")
    func overdue() async throws {
        let root = try TestCorp.shared().root
        // The operator's moment is in January 2027.
        for (issuer, end) in [("a", "20270110000000Z"), ("b", "20270201000000Z")] {
            let lists = try RevocationList.parse(TestCRL.make(by: root, until: end))
            let list = StoredCRL(issuerKey: issuer, thisUpdate: operators.now, der: try #require(lists.first).der)
            #expect(try await operators.store.keep(list) == list)
        }
        let overdue = try await operators.commands.status().overdueCRLs
        #expect(overdue.map(\.due) == [Timestamp(rfc3339: "2027-01-10T00:00:00Z")])
        #expect(overdue.first?.issuer.isEmpty == false)
    }
}
