import PostureModel
import ScorerModel
import TestSupport
import Testing

@testable import DeviceIdentity

@Suite("The device that is asked about")
struct MatchingTests {
    let asked = PostureRow(
        deviceID: "warp-1",
        serialNumber: "PF0FAKE1",
        macAddress: "74:1d:3e:23:e0:fe",
        hostname: "laptop-1"
    )

    /// A device that claims an identifier of the row, or both.
    func known(
        _ number: Int = 1,
        facts: Facts = SampleDevice.facts(),
        warpIDs: [String] = [],
        hasWARPID: Bool = false,
        serial: String? = "pf0fake1",
        ownsHostname: Bool = true,
        strength: ClaimStrength = .reported,
        since: Int64 = 0
    ) -> Claimant {
        let device = SampleDevice.id(number)
        var record = DeviceRecord(
            device: device,
            key: SampleDevice.key(number),
            registeredAt: SampleDevice.now,
            registeredBy: .token(hash: "t")
        )
        record.serial = serial
        func claim(_ kind: Identifier.Kind, _ value: String) -> Claim {
            Claim(
                identifier: Identifier(stored: kind, value),
                device: device,
                strength: strength,
                since: Timestamp(seconds: since)
            )
        }
        if hasWARPID { record.claims.append(.init(claim(.warp, "warp"), holder: device)) }
        record.claims.append(.init(claim(.hostname, "laptop-1"), holder: ownsHostname ? device : SampleDevice.id(99)))
        let report = SampleDevice.report(number, facts: facts, warpIDs: warpIDs)
        return Claimant(record: record, report: report, claim: claim(.serial, "pf0fake1"))
    }

    @Test("is the one that reported the WARP id, whatever MAC, host name and junk for a serial number the row has")
    func byWARPID() {
        let owner = known(warpIDs: ["warp-1"], hasWARPID: true)
        let strange = PostureRow(deviceID: "warp-1", serialNumber: "x", macAddress: "y", hostname: "z")
        for row in [asked, strange, PostureRow(deviceID: "warp-1")] {
            #expect(match(row, byWARPID: [owner], bySerial: []) == .byWARPID(SampleDevice.id(1)))
        }
    }

    @Test("is none where the device with the WARP id has reported another good serial number")
    func otherSerial() {
        let facts = SampleDevice.facts(serial: .observed(SerialNumber("PF0FAKE9")))
        let answer = Match.none(.otherSerialReported)
        #expect(match(asked, byWARPID: [known(facts: facts, serial: "pf0fake9")], bySerial: []) == answer)
        let lenient = match(
            asked,
            byWARPID: [known(facts: facts, serial: "pf0fake9")],
            bySerial: [],
            serialContradicts: false
        )
        #expect(lenient == .byWARPID(SampleDevice.id(1)))
        for junk in ["Default string", "0"] {
            let facts = SampleDevice.facts(serial: .observed(SerialNumber(junk)))
            #expect(match(asked, byWARPID: [known(facts: facts)], bySerial: []) == .byWARPID(SampleDevice.id(1)))
        }
    }

    @Test("is none where the WARP id is one device's and the serial number another's")
    func twoDevices() {
        let owner = known(warpIDs: ["warp-1"], hasWARPID: true, serial: "pf0fake9")
        let answer = match(asked, byWARPID: [owner], bySerial: [known(2)])
        #expect(answer == .none(.serialHeldByAnother(SampleDevice.id(2))))
    }

    @Test("is the one that reported the WARP id though somebody claimed its serial number before it")
    func squattedSerial() {
        let owner = known(warpIDs: ["warp-1"], hasWARPID: true)
        for squatter in [known(2, facts: Self.other), known(2, hasWARPID: true)] {
            #expect(match(asked, byWARPID: [owner], bySerial: [squatter, owner]) == .byWARPID(SampleDevice.id(1)))
        }
    }

    @Test("is the one that has the serial number, where another claims that and the WARP id later and no better")
    func hijacked() {
        let owner = known()
        let late = known(2, warpIDs: ["warp-1"], hasWARPID: true, since: 9)
        let own = Match.bySerial(SampleDevice.id(1), isCorroborated: true)
        #expect(match(asked, byWARPID: [late], bySerial: [owner, late]) == own)
        let better = known(2, warpIDs: ["warp-1"], hasWARPID: true, strength: .reportedByProvenDevice, since: 9)
        #expect(match(asked, byWARPID: [better], bySerial: [owner, better]) == .byWARPID(SampleDevice.id(2)))
    }

    @Test("is none where one has the WARP id and another the serial number, and both claim both")
    func bothClaimBoth() {
        let (first, second) = (known(hasWARPID: true), known(2, hasWARPID: true, since: 9))
        let answer = match(asked, byWARPID: [second, first], bySerial: [first, second])
        #expect(answer == .none(.claimedTwice(SampleDevice.id(2), SampleDevice.id(1))))
    }

    @Test("is not suspended by a weaker claim that says more of the row")
    func weaker() {
        let owner = known(facts: Self.other, hasWARPID: true, strength: .reportedByProvenDevice)
        #expect(match(asked, byWARPID: [owner, known(2)], bySerial: []) == .byWARPID(SampleDevice.id(1)))
    }

    static let other = SampleDevice.facts(
        macs: .observed([SampleDevice.mac("00:00:5e:00:53:01")]),
        kernelHostname: .observed("other")
    )

    @Test(
        "is none where two claim the identifier and the rest of the row speaks for the later one",
        arguments: [true, false]
    )
    func newcomer(isByWARPID: Bool) {
        let (owner, newcomer) = (known(facts: Self.other, serial: "pf0fake1"), known(2))
        let result =
            isByWARPID
            ? match(asked, byWARPID: [owner, newcomer], bySerial: [])
            : match(asked, byWARPID: [], bySerial: [owner, newcomer])
        let rival = SampleDevice.id(2)
        #expect(result == .none(isByWARPID ? .warpIDRival(rival) : .serialRival(rival)))
    }

    @Test("is the rightful one though a later claimant says all the same of itself")
    func imitation() {
        let (owner, imitator) = (known(), known(2))
        #expect(match(asked, byWARPID: [owner, imitator], bySerial: []) == .byWARPID(SampleDevice.id(1)))
        let bySerial = match(asked, byWARPID: [], bySerial: [owner, imitator])
        #expect(bySerial == .bySerial(SampleDevice.id(1), isCorroborated: true))
    }

    @Test("is none where nobody reported the WARP id or the serial number")
    func unknown() {
        #expect(match(asked, byWARPID: [], bySerial: []) == .none(.unknown))
        #expect(match(PostureRow(deviceID: "warp-1"), byWARPID: [], bySerial: []) == .none(.unknown))
    }

    @Test("is not corroborated by a host name that is another device's")
    func commonName() {
        let owner = known(ownsHostname: false)
        let byHost = PostureRow(deviceID: "w", serialNumber: "PF0FAKE1", hostname: "laptop-1")
        let named = match(byHost, byWARPID: [], bySerial: [owner])
        #expect(named == .bySerial(SampleDevice.id(1), isCorroborated: false))
        #expect(match(asked, byWARPID: [], bySerial: [owner]) == .bySerial(SampleDevice.id(1), isCorroborated: true))
    }

    @Test("is none where the owner of the serial number has reported another WARP id, now or before")
    func contradiction() {
        let answer = Match.none(.otherWARPIDReported)
        for owner in [known(warpIDs: ["warp-of-the-owner"]), known(hasWARPID: true)] {
            #expect(match(asked, byWARPID: [], bySerial: [owner]) == answer)
        }
    }

    /// What the row says of MAC and host name, and whether that corroborates the serial number; nil where it contradicts.
    static let corroborations: [(mac: String, host: String, isCorroborated: Bool?)] = [
        ("74:1d:3e:23:e0:fe", "laptop-1", true), ("74:1D:3E:23:E0:FE", "other", true),
        ("74-1d-3e-23-e0-fe", "other", true), ("741d.3e23.e0fe", "other", true), ("741d3e23e0fe", "other", true),
        ("00:00:5e:00:53:01", "laptop-1", true), ("00:00:5e:00:53:01", "LAPTOP-1", true),
        ("00:00:5e:00:53:01", "laptop-1.acme.test", true), ("00:00:5e:00:53:01", "laptop-1.acme.test.", true),
        ("", "laptop-1", true), ("74:1d:3e:23:e0:fe", "", true), ("not an address", "Laptop-1", true),
        ("00:00:5e:00:53:01", "laptop-10", nil), ("00:00:5e:00:53:01", "laptop", nil),
        ("00:00:5e:00:53:01", "other", nil), ("00:00:5e:00:53:01", "acme.laptop-1", nil), ("", "other", nil),
        ("00:00:5e:00:53:01", "", nil), ("00:00:5e:00:53:01", ".", nil), ("not an address", "other", nil),
        ("", "", false), ("not an address", "", false), ("74:1d:3e:23:e0", ".", false),
    ]

    @Test("is by serial number only with the MAC or the host name, where the row names any", arguments: corroborations)
    func corroboration(mac: String, host: String, isCorroborated: Bool?) {
        let row = PostureRow(deviceID: "warp-1", serialNumber: "PF0FAKE1", macAddress: mac, hostname: host)
        let result = match(row, byWARPID: [], bySerial: [known()])
        if let isCorroborated {
            #expect(result == .bySerial(SampleDevice.id(1), isCorroborated: isCorroborated))
        } else {
            #expect(result == .none(.nothingCorroborates))
        }
    }

    @Test("is corroborated by either of the machine's host names, in full or not, and by any of its MACs")
    func eitherName() {
        let facts = SampleDevice.facts(
            macs: .observed([SampleDevice.mac("00:00:5e:00:53:aa"), SampleDevice.mac("00:00:5e:00:53:bb")]),
            kernelHostname: .observed("Kernel-Name.acme.test"),
            staticHostname: .observed("static-name")
        )
        let owner = known(facts: facts)
        for (mac, host) in [
            ("00:00:5e:00:53:01", "kernel-name"), ("00:00:5e:00:53:01", "static-name.acme.test"),
            ("00-00-5E-00-53-BB", "other"),
        ] {
            let row = PostureRow(deviceID: "w", serialNumber: "PF0FAKE1", macAddress: mac, hostname: host)
            #expect(match(row, byWARPID: [], bySerial: [owner]) == .bySerial(SampleDevice.id(1), isCorroborated: true))
        }
    }

    @Test("is not corroborated by facts that are not known")
    func unknownFacts() {
        let facts = SampleDevice.facts(
            macs: .unreadable(reason: "no netlink"),
            kernelHostname: .unreadable(reason: "no"),
            staticHostname: .notApplicable(reason: "no such file")
        )
        let answer = Match.none(.nothingCorroborates)
        #expect(match(asked, byWARPID: [], bySerial: [known(facts: facts)]) == answer)
    }

    @Test("has a reason in words that names the device that is in the way")
    func reasons() {
        let (one, other) = (SampleDevice.id(1), SampleDevice.id(2))
        for reason in [
            NoMatch.serialHeldByAnother(other), .claimedTwice(one, other), .warpIDRival(other), .serialRival(other),
        ] {
            #expect(reason.reason.hasSuffix("\(other)"), "\(reason)")
        }
    }
}
