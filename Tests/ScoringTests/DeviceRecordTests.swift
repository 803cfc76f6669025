import PostureModel
import ScorerModel
import Testing

@testable import Scoring

@Suite("What scoring sees of a device's record")
struct DeviceRecordTests {
    func evaluate(_ record: DeviceRecord, _ policy: Policy = .standard) -> Evaluation {
        policy.evaluate(Sample.input(record: record), trust: Sample.trust, at: Sample.now)
    }

    // MARK: Disqualification

    @Test("disqualifies a device that is blocked: it scores 0, and sees what its rules would give")
    func blocked() {
        let block = Sample.block()
        let record = Sample.record(blocks: [block], waivers: [Sample.waiver("certificate_proven")])
        #expect(record.disqualification == .blocked(block, isOwn: true))
        let evaluation = evaluate(record)
        #expect(evaluation.value == 0 && evaluation.reasonCode == .blocked)
        #expect(evaluation.cap == .disqualified(.blocked(block, isOwn: true)))
        #expect(evaluation.score.cap == "an operator has blocked this device: stolen")
        #expect(evaluation[.certificateProven]?.points == 40)
    }

    @Test("disqualifies a device that has what a blocked one has")
    func blockedWithAnother() {
        let block = Sample.block(of: 2)
        let evaluation = evaluate(Sample.record(blocks: [block]))
        #expect(evaluation.value == 0 && evaluation.reasonCode == .blocked)
        #expect(evaluation.cap == .disqualified(.blocked(block, isOwn: false)))
        #expect(
            evaluation.score.cap
                == "an operator has blocked its serial number with the device \(Sample.device(2)): stolen"
        )
    }

    @Test("disqualifies a device whose key two machines use, unless it is blocked anyway")
    func cloneAlarm() {
        let record = Sample.record(cloneAlarmSince: Sample.now)
        let evaluation = evaluate(record)
        #expect(evaluation.value == 0 && evaluation.reasonCode == .clone)
        #expect(evaluation.cap == .disqualified(.cloneAlarm(since: Sample.now)))
        #expect(evaluation.score.cap?.hasSuffix("'posture-scorer clones clear \(Sample.device(1))'") == true)
        let both = Sample.record(blocks: [Sample.block()], cloneAlarmSince: Sample.now)
        #expect(evaluate(both).reasonCode == .blocked)
        #expect(Sample.record().disqualification == nil)
    }

    // MARK: The serial number

    @Test(
        "passes serial_known unless another device holds the serial number, or the inventory contradicts it",
        arguments: [(SerialHolder.thisDevice, 10), (.noSerial, 10), (.anotherDevice, 0), (.contradicted, 0)]
    )
    func serial(holder: SerialHolder, points: Int) {
        let record = Sample.record(serial: holder)
        #expect(record.serialHolder([]) == holder)
        #expect(evaluate(record)[.serialKnown]?.points == points)
    }

    @Test("has the serial number as another device's where the claim is not kept, since there are too many")
    func unkept() {
        var record = Sample.record()
        record.claims = []
        #expect(record.serialHolder([]) == .anotherDevice)
        record = Sample.record()
        record.serial = "another"
        #expect(record.serialHolder([]) == .anotherDevice, "the claim is to another serial number")
    }

    @Test("says whose the serial number is, and how to settle it")
    func words() {
        let another = evaluate(Sample.record(serial: .anotherDevice))
        #expect(another.reason(.serialKnown) == "the serial number pf0fake1 belongs to another device")
        #expect(another.advice(.serialKnown)?.contains("conflicts resolve \(Sample.device(1))") == true)
        let contradicted = evaluate(Sample.record(serial: .contradicted))
        let expected = "the inventory expects another certificate for the serial number pf0fake1"
        #expect(contradicted.reason(.serialKnown) == expected)
    }

    @Test("passes serial_known by the certificate that the inventory expects, or by an operator's word")
    func expected() throws {
        var record = Sample.record(serial: .contradicted)
        var verdict = Sample.verdict(.proven, commonName: "ANOTHER")
        verdict.proves = true
        #expect(record.serialHolder([verdict]) == .thisDevice)
        verdict.proves = false
        #expect(record.serialHolder([verdict]) == .contradicted, "it is only shown")
        let claim = try #require(record.claims.first?.claim)
        let assigned = Claim(
            identifier: claim.identifier,
            device: claim.device,
            strength: .assigned,
            since: claim.since
        )
        record.claims = [DeviceRecord.HeldClaim(assigned)]
        #expect(record.serialHolder([]) == .thisDevice)
    }

    // MARK: Certificate keys

    /// The record of device 1, which proved a key an hour after device 2 did.
    func second(_ lastReport: Timestamp?, strength: ClaimStrength = .proven) -> DeviceRecord {
        var record = Sample.record()
        func claim(_ number: UInt8, _ strength: ClaimStrength, _ since: Int64) -> Claim {
            Claim(
                identifier: .key("k"),
                device: Sample.device(number),
                strength: strength,
                since: Sample.now.adding(seconds: since)
            )
        }
        let rival = DeviceRecord.Rival(claim: claim(2, strength, -7200), lastReport: lastReport)
        record.claims.append(DeviceRecord.HeldClaim(claim(1, .proven, -3600), rivals: [rival]))
        record.newest = StoredReport(payload: [], checks: [], nonceIssuedAt: Sample.now, receivedAt: Sample.now)
        return record
    }

    func verdict(_ level: ProofLevel = .proven) -> CheckVerdict {
        var verdict = Sample.verdict(level)
        (verdict.key, verdict.proves) = ("k", level == .proven)
        return verdict
    }

    @Test("has no points of a certificate whose key another device holds, which the explanation names")
    func heldElsewhere() {
        func evaluate(_ record: DeviceRecord, _ policy: Policy = .standard) -> Evaluation {
            policy.evaluate(Sample.input([verdict()], record: record), trust: Sample.trust, at: Sample.now)
        }
        let held = evaluate(second(Sample.now))
        #expect(held[.certificateProven]?.points == 0 && held[.certificatePresent]?.points == 0)
        #expect(held.value == 30 && held.reasonCode == .certificate)
        #expect(held.reason(.certificateProven)?.contains("counts for the device \(Sample.device(2))") == true)
        #expect(evaluate(second(Sample.now.adding(seconds: -86_400))).value == 100, "the other one is stale")
        #expect(evaluate(second(nil)).value == 100)
        #expect(evaluate(second(Sample.now, strength: .reported)).value == 100, "the other one never proved it")
        var two = Policy.standard
        two.certificates.devicesPerCertificate = 2
        #expect(evaluate(second(Sample.now), two).value == 100)
        let givenUp = evaluate(Sample.record())
        #expect(givenUp.value == 30 && givenUp.reason(.certificateProven)?.contains("gave up") == true)
    }

    @Test("holds the keys that count for it")
    func heldKeys() {
        func keys(_ record: DeviceRecord) -> Set<String> {
            Policy.standard.heldKeys(of: Sample.input([verdict()], record: record), at: Sample.now)
        }
        #expect(keys(second(nil)) == ["k"] && keys(second(Sample.now)) == [] && keys(Sample.record()) == [])
    }

    @Test("is worth nothing once it has retired, but a block comes first")
    func retired() {
        var record = Sample.record()
        record.retiredAt = Sample.now
        #expect(evaluate(record).value == 0 && evaluate(record).reasonCode == .retired)
        record.blocks = [Sample.block()]
        #expect(evaluate(record).reasonCode == .blocked)
    }

    // MARK: The report

    @Test("is scored by its newest report, if there is one, as it was received")
    func stored() throws {
        var record = Sample.record()
        #expect(try ScoringInput(record, age: 0) == nil)
        let report = Sample.report()
        let verdicts = [Sample.verdict(.proven)]
        record.newest = StoredReport(
            payload: try Wire.encode(report),
            checks: verdicts,
            nonceIssuedAt: Sample.now,
            receivedAt: Sample.now.adding(seconds: 1)
        )
        let input = try #require(try ScoringInput(record, age: 5))
        #expect(input.report.report == report && input.report.checks == verdicts)
        #expect(input.receivedAt == Sample.now.adding(seconds: 1) && input.age == 5)
        record.newest = StoredReport(payload: [1], checks: [], nonceIssuedAt: Sample.now, receivedAt: Sample.now)
        #expect(throws: WireError.self) { try ScoringInput(record, age: 0) }
    }

    // MARK: The reason for Cloudflare

    @Test("has a reason for every score that is not full")
    func reasons() {
        func code(
            _ verdict: ProofLevel,
            age: Int64 = 0,
            at moment: Int64? = nil,
            _ record: DeviceRecord = Sample.record()
        )
            -> ReasonCode?
        {
            let input = Sample.input([Sample.verdict(verdict)], age: age, record: record)
            let now = Sample.now.adding(seconds: moment ?? age)
            return Policy.standard.evaluate(input, trust: Sample.trust, at: now).reasonCode
        }
        #expect(code(.proven) == nil)
        #expect(code(.keyPresent) == .certificate)
        #expect(code(.proven, age: 7200) == .stale && code(.proven, age: 86_400) == .stale)
        #expect(code(.keyPresent, age: 7200) == .certificate && code(.keyPresent, age: 86_400) == .stale)
        #expect(code(.proven, at: -301) == .stale)
        let unaged = Policy([.certificateProven: Rule(points: 100)])
        let before = unaged.evaluate(Sample.input(), trust: Sample.trust, at: Sample.now.adding(seconds: -301))
        #expect(before.reasonCode == .stale, "though no rule fails")
        #expect(code(.proven, Sample.record(serial: .anotherDevice)) == .policy)
        let cloned = Sample.record(serial: .anotherDevice, cloneAlarmSince: Sample.now)
        #expect(code(.keyPresent, age: 86_400, cloned) == .clone)
    }
}
