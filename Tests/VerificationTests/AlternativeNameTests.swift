import OpenSSLBridge
import PostureModel
import TestSupport
import Testing
import Verification

@Suite("A certificate with subject alternative names")
struct AlternativeNameTests {
    let root: Issued

    init() throws { root = try .root("Corp Root") }

    private func judge(_ has: [NameForm], asked: [String], warpIDs: [String] = []) throws -> CertificateJudgement {
        let leaf = try root.leaf("Laptop") { draft in
            draft[CertificateExtension.OID.alternativeNames] = has.isEmpty ? nil : .alternativeNames(has)
        }
        let values = VariableValues(facts: .none, warpIDs: warpIDs)
        return try judged(leaf, trusted: [root], alternativeNames: asked, values: values)
    }

    @Test(
        "has the name asked for, of whichever kind, whole and in any case",
        arguments: [
            (.dns("Laptop-1.acme.test"), "laptop-1.ACME.test"), (.email("Ann@acme.test"), "ann@ACME.test"),
            (.uri("urn:uuid:F174E90A"), "urn:uuid:f174e90a"), (.ip([192, 0, 2, 1]), "192.0.2.1"),
            (.ip([0x20, 0x01, 0x0d, 0xb8] + Array(repeating: 0, count: 11) + [1]), "2001:DB8::1"),
        ] as [(NameForm, String)]
    )
    func kinds(name: NameForm, asked: String) throws {
        #expect(try judge([name], asked: [asked]).chain() != nil)
        #expect(try judge([.dns("other.test"), name], asked: ["b.test", asked]).chain() != nil)
        for other in ["x\(asked)", "\(asked)x", String(asked.dropLast()), "*", "Laptop"] {
            try judge([name], asked: [other]).expect(.wrongAlternativeName, "CN=Laptop", "'\(other)'")
        }
    }

    @Test(
        "has IPv6 addresses in the one form of RFC 5952",
        arguments: [
            ([0, 0, 0, 0, 0, 0, 0, 0], "::"), ([0, 0, 0, 0, 0, 0, 0, 1], "::1"), ([1, 0, 0, 0, 0, 0, 0, 0], "1::"),
            ([0x2001, 0xdb8, 0, 0, 1, 0, 0, 1], "2001:db8::1:0:0:1"), ([1, 0, 3, 4, 5, 6, 7, 8], "1:0:3:4:5:6:7:8"),
            ([0x2001, 0, 0, 1, 0, 0, 0, 1], "2001:0:0:1::1"), ([0, 0, 3, 4, 5, 6, 0, 0], "::3:4:5:6:0:0"),
            ([0xfe80, 0, 0, 0, 0xabc, 0, 0, 0xf], "fe80::abc:0:0:f"), ([1, 2, 3, 4, 5, 6, 7, 0], "1:2:3:4:5:6:7:0"),
        ] as [([UInt16], String)]
    )
    func addresses(groups: [UInt16], text: String) throws {
        let octets = groups.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xff)] }
        #expect(try judge([.ip(octets)], asked: [text]).chain() != nil)
        let long = groups.map { String($0, radix: 16) }.joined(separator: ":")
        if long != text { try judge([.ip(octets)], asked: [long]).expect(.wrongAlternativeName, "it has '\(text)'") }
    }

    @Test("has none of the kinds that are not compared, and not its common name for one")
    func otherKinds() throws {
        for name in [NameForm.other("laptop-1"), .directory("laptop-1"), .directory("")] {
            for asked in ["laptop-1", "Laptop", "CN=laptop-1", "DirName:CN=laptop-1"] {
                try judge([name], asked: [asked]).expect(.wrongAlternativeName, "none at all")
            }
        }
        try judge([], asked: ["Laptop"]).expect(.wrongAlternativeName, "none at all")
        #expect(try judge([], asked: []).chain() != nil)
    }

    @Test("has no other name than those that stand there: a wildcard is a name as any")
    func wildcards() throws {
        try judge([.dns("*.acme.test")], asked: ["laptop-1.acme.test"]).expect(
            .wrongAlternativeName,
            "it has '*.acme.test'"
        )
        #expect(try judge([.dns("*.acme.test")], asked: ["*.acme.test"]).chain() != nil)
        try judge([.dns("laptop-1.acme.test")], asked: ["*.acme.test"]).expect(.wrongAlternativeName)
        try judge([.email("a@acme.test")], asked: ["acme.test"]).expect(.wrongAlternativeName)
        try judge([.uri("https://acme.test/")], asked: ["acme.test"]).expect(.wrongAlternativeName)
    }

    @Test("is bound to the machine by the values that its names hold")
    func bound() throws {
        let name = NameForm.uri("urn:uuid:699d835e")
        let ids = ["f174e90a", "699d835e"]
        let chain = try judge([.dns("other.test"), name], asked: ["urn:uuid:${device_uuid}"], warpIDs: ids).chain()
        #expect(chain?.bound == [.deviceUUID: "699d835e"])
        let both = try judge(
            [.dns("laptop-1.acme.test"), name],
            asked: ["${hostname}.acme.test", "urn:uuid:${device_uuid}"],
            warpIDs: ids
        ).chain()
        #expect(both?.bound[.hostname] == "laptop-1")
        #expect(try judge([name], asked: ["urn:uuid:699d835e"], warpIDs: ids).chain()?.bound == [:])
        #expect(try judge([name], asked: [], warpIDs: ids).chain()?.bound == [:])
        try judge([name], asked: ["urn:uuid:${device_uuid}"], warpIDs: ["f174e90a"]).expect(.wrongAlternativeName)
    }

    @Test("is bound by its common name as well")
    func boundByCommonName() throws {
        let values = VariableValues(facts: .none, warpIDs: ["f174e90a"])
        let leaf = try root.leaf("laptop-1") { $0.set(.alternativeNames([.uri("urn:uuid:f174e90a")])) }
        func judge(_ commonName: String, _ names: [String]) throws -> CertificateJudgement {
            try judged(leaf, trusted: [root], commonName: commonName, alternativeNames: names, values: values)
        }
        let names = ["urn:uuid:${device_uuid}"]
        #expect(try judge("${hostname}", names).chain()?.bound == [.hostname: "laptop-1", .deviceUUID: "f174e90a"])
        #expect(try judge("LAPTOP-1", names).chain()?.bound == [.deviceUUID: "f174e90a"])
        try judge("${device_uuid}", names).expect(.wrongName, "'f174e90a'")
        try judge("${hostname}", ["${hostname}"]).expect(.wrongAlternativeName)
        let problem = #expect(throws: CertificateProblem.self) { try judge("${serial_number}", []) }
        #expect(problem?.code == .variableUnknown)
    }
}
