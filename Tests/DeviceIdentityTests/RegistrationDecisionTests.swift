import PostureModel
import ScorerModel
import TestSupport
import Testing

@testable import DeviceIdentity

@Suite("A registration")
struct RegistrationDecisionTests {
    let now = SampleDevice.now

    func token(uses: Int, expiresAt: Timestamp? = nil, replaces: DeviceID? = nil) -> EnrolmentToken {
        EnrolmentToken(
            hash: "t",
            createdAt: now,
            expiresAt: expiresAt ?? now.adding(seconds: 60),
            usesLeft: uses,
            createdBy: "alice",
            replaces: replaces
        )
    }

    func decision(by authorisation: Authorisation, at time: Timestamp? = nil, over snapshot: Snapshot)
        -> RegistrationDecision
    {
        decide(SampleDevice.registration(1), by: authorisation, at: time ?? now, over: snapshot)
    }

    func record(_ kind: Authorisation.Kind) -> DeviceRecord {
        DeviceRecord(device: SampleDevice.id(1), key: SampleDevice.key(1), registeredAt: now, registeredBy: kind)
    }

    @Test("by certificate makes the device known, while fewer than the limit have")
    func certificate() {
        var snapshot = Snapshot()
        let authorisation = Authorisation.certificate(fingerprint: "leaf", deviceLimit: 2)
        let changes: [Change] = [
            .countRegistration(fingerprint: "leaf", limit: 2), .device(record(.certificate(fingerprint: "leaf"))),
        ]
        for counts in [[:], ["leaf": 1], ["other": 9]] {
            snapshot.registrations = counts
            #expect(decision(by: authorisation, over: snapshot) == .register(changes))
        }
        for count in [2, 3] {
            snapshot.registrations = ["leaf": count]
            #expect(decision(by: authorisation, over: snapshot) == .refused(.certificateLimit(2)))
        }
    }

    @Test("takes one use of its token, until none is left or it expires")
    func token() {
        var snapshot = Snapshot()
        let changes: [Change] = [.useToken(hash: "t", at: now), .device(record(.token(hash: "t")))]
        for (token, expected) in [
            (token(uses: 1), .register(changes)), (token(uses: 0), .refused(.usedUpToken)),
            (token(uses: 1, expiresAt: now), .refused(.expiredToken)),
            (token(uses: 1, expiresAt: Timestamp(microseconds: now.microseconds + 1)), .register(changes)),
            (nil, .refused(.unknownToken)),
        ] as [(EnrolmentToken?, RegistrationDecision)] {
            snapshot.tokens = token.map { ["t": $0] } ?? ["u": self.token(uses: 9)]
            #expect(decision(by: .token(hash: "t"), over: snapshot) == expected)
        }
    }

    @Test("of a device that has retired makes it known again, with its blocks, and as new to its history")
    func retired() {
        var (snapshot, old) = (Snapshot(), record(.token(hash: "u")))
        (old.retiredAt, old.version) = (now, 7)
        old.continuity = Continuity(shown: nil, answered: Receipt(number: 1, code: [1]), stretches: [])
        snapshot.records[old.device] = old
        snapshot.tokens = ["t": token(uses: 1)]
        var back = old
        back.retiredAt = nil
        #expect(
            decision(by: .token(hash: "t"), over: snapshot)
                == .register([.useToken(hash: "t", at: now), .device(back)])
        )
    }

    @Test("by a token that names a device replaces it, unless that is blocked")
    func replacing() {
        var snapshot = Snapshot()
        var old = DeviceRecord(
            device: SampleDevice.id(2),
            key: SampleDevice.key(2),
            registeredAt: now,
            registeredBy: .token(hash: "u")
        )
        let claim = Claim(identifier: .key("k"), device: old.device, strength: .proven, since: now)
        old.claims = [DeviceRecord.HeldClaim(claim)]
        snapshot.claims[.key("k")] = ClaimSet(.key("k"), version: 1, claims: [claim])
        snapshot.tokens = ["t": token(uses: 1, replaces: old.device)]
        snapshot.records[old.device] = old
        guard case .register(let changes) = decision(by: .token(hash: "t"), over: snapshot) else {
            Issue.record("not registered")
            return
        }
        var retired = old
        retired.retiredAt = now
        let inherited = Claim(identifier: .key("k"), device: SampleDevice.id(1), strength: .proven, since: now)
        #expect(changes.contains(.device(retired)))
        #expect(changes.contains(.claims(ClaimSet(.key("k"), version: 1, claims: [inherited]))))
        let block = Block(kind: .device, value: "x", device: old.device, reason: "r", createdBy: "a", createdAt: now)
        snapshot.records[old.device]?.blocks = [block]
        #expect(decision(by: .token(hash: "t"), over: snapshot) == .refused(.replacesBlocked))
    }

    @Test("of a device that is known changes nothing, whatever it registers by")
    func known() {
        var snapshot = Snapshot()
        snapshot.records[SampleDevice.id(1)] = record(.token(hash: "u"))
        for authorisation in [Authorisation.token(hash: "none"), .certificate(fingerprint: "leaf", deviceLimit: 0)] {
            #expect(decision(by: authorisation, over: snapshot) == .alreadyKnown)
        }
    }
}
