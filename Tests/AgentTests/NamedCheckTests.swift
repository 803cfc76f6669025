import PostureModel
import TestSupport
import Testing
import Verification

@testable import Agent

@Suite("A certificate is looked for", .timeLimit(.minutes(5)))
struct NamedCheckTests {
    let fixture: CheckFixture

    init() throws { fixture = try CheckFixture() }

    private func importLeaf(_ name: String, names: [String]? = nil, eku: [String] = ["clientAuth"]) throws {
        let leaf = try fixture.pki.leaf(name, issuer: fixture.root, names: names, eku: eku)
        try fixture.database.importWithKey(leaf, nickname: name)
    }

    @Test("by the machine's serial number, host name or WARP id")
    func variables() async throws {
        try importLeaf("abc-1234.corp.test")
        try importLeaf("laptop-1.corp.test")
        try importLeaf("9f6e3d2c.corp.test")
        for pattern in ["${serial_number}.corp.test", "${hostname}.corp.test", "${device_uuid}.corp.test"] {
            let result = try await fixture.check(commonName: pattern).run(warpIDs: ["00000000", "9F6E3D2C"])
            #expect(result.outcome == .pass, "\(pattern): \(result.reason)")
        }
        let other = try await fixture.check(commonName: "${serial_number}.corp.test").run(
            facts: .laptop(serial: "XYZ-9")
        )
        #expect(other.code == .notFound)
        #expect(other.reason.contains("with the common name 'XYZ-9.corp.test'"))
    }

    @Test(
        "by nothing where a variable's value is not known: nobody could look",
        arguments: [
            ("${serial_number}", Facts.laptop(serial: "To be filled by O.E.M."), "the serial number is junk"),
            ("${hostname}", Facts.laptop(serial: "ABC-1234", hostname: "localhost"), "one that many machines have"),
            ("${device_uuid}", Facts.plain, "the machine has no WARP id"),
        ]
    )
    func unknown(variable: String, facts: Facts, why: String) async throws {
        try importLeaf("anything.corp.test")
        for name in ["\(variable)", "\(variable).corp.test"] {
            let result = try await fixture.check(commonName: name).run(facts: facts)
            #expect(result.outcome == .unable)
            #expect(result.code == .variableUnknown)
            #expect(result.reason.contains(why), "\(result.reason)")
        }
        let result = try await fixture.check(commonName: nil, alternativeNames: [variable]).run(facts: facts)
        #expect(result.outcome == .unable)
    }

    @Test("by any of several alternative names, of whichever kind but otherName")
    func alternativeNames() async throws {
        let names = [
            "DNS:a.test", "email:alice@acme.test", "URI:https://acme.test/laptop-1", "IP:192.0.2.7", "IP:2001:db8::7",
            "otherName:1.3.6.1.4.1.311.20.2.3;UTF8:upn@acme.test",
        ]
        try importLeaf("laptop", names: names)
        for name in [
            "A.test", "ALICE@acme.test", "https://acme.test/laptop-1", "192.0.2.7", "2001:DB8::7",
        ] {
            let check = try fixture.check(commonName: nil, alternativeNames: ["none.test", name])
            let result = await check.run()
            #expect(result.outcome == .pass, "\(name): \(result.reason)")
        }
        for name in ["upn@acme.test", "b.test", "acme.test", "laptop"] {
            let result = try await fixture.check(commonName: nil, alternativeNames: [name]).run()
            #expect(result.code == .notFound, "\(name)")
            #expect(result.reason.contains("with the alternative name '\(name)'"), "\(result.reason)")
        }
        // Both are asked for: one is not enough.
        #expect(try await fixture.check(commonName: "other", alternativeNames: ["a.test"]).run().code == .notFound)
    }

    @Test("by extended key usages, all of them, by OID too")
    func usages() async throws {
        try importLeaf(CheckFixture.name, eku: ["clientAuth", "1.3.6.1.4.1.99999.1"])
        #expect(try await fixture.check(usages: ["1.3.6.1.4.1.99999.1"]).run().outcome == .pass)
        let both = [ExtendedKeyUsage.clientAuth, ExtendedKeyUsage.emailProtection]
        #expect(try await fixture.check(usages: both).run().code == .missingUsage)
    }

    @Test("by its nickname, as certutil does, where the check asks for one")
    func nickname() async throws {
        try fixture.database.importWithKey(fixture.leaf(), nickname: "Corp Laptop")
        for nickname in ["Corp Laptop", "NSS Certificate DB:Corp Laptop"] {
            #expect(try await fixture.check(nickname: nickname).run().outcome == .pass)
        }
        for nickname in ["corp laptop", "Corp", CheckFixture.name] {
            let result = try await fixture.check(nickname: nickname).run()
            #expect(result.code == .notFound)
            #expect(result.reason.contains("and the nickname '\(nickname)'"), "\(result.reason)")
        }
    }

    @Test("and the one that the WARP client made for itself is passed over, unless the company issued it")
    func warp() async throws {
        let id = "9ece5fab-7398-488a-a575-e25a9a3dec07"
        try fixture.database.importWithKey(fixture.pki.leaf(id, issuer: nil), nickname: id)
        for ids in [[], [id.uppercased()]] {
            let result = try await fixture.check(commonName: nil).run(warpIDs: ids)
            #expect(result.code == .notFound)
            #expect(result.reason.contains("what the WARP client made for itself does not count"), "\(result.reason)")
        }
        try fixture.database.importWithKey(fixture.leaf(), nickname: "laptop")
        #expect(try await fixture.check(commonName: nil).run(warpIDs: [id]).outcome == .pass)
        try fixture.database.importWithKey(fixture.leaf(id), nickname: id + "-corp")
        #expect(try await fixture.check(commonName: "${device_uuid}").run(warpIDs: [id]).outcome == .pass)
    }

    @Test("and each that has the names gets a verdict of its own")
    func candidates() async throws {
        try fixture.database.importWithKey(fixture.leaf(), nickname: "good")
        try fixture.database.add(fixture.leaf(validity: .expired), nickname: "good")
        try fixture.database.importWithKey(fixture.leaf("other.test"), nickname: "other")
        let result = try await fixture.check().run()
        #expect(result.outcome == .pass)
        #expect(result.reason.hasSuffix("(the best of 2 certificates with these names)"))
        #expect(result.candidates.map(\.isValid) == [true, false])
        #expect(result.candidates.map(\.privateKey) == ["present", "absent"])
        #expect(result.candidates.map(\.code) == [nil, "expired"])
        #expect(result.candidates.allSatisfy { $0.token == "NSS Certificate DB" && $0.nickname == "good" })
    }

    @Test("by no clock that is before this program was built")
    func wrongClock() async throws {
        try fixture.database.importWithKey(fixture.leaf(), nickname: "laptop")
        let values = VariableValues(facts: .plain, warpIDs: [])
        let past = Version.builtAfter.adding(seconds: -1)
        let result = try await fixture.check().run(at: past, values: values, warpIDs: [])
        #expect(result.outcome == .unable)
        #expect(result.code == .wrongClock)
        #expect(result.reason.contains("set the clock"))
    }
}
