import OpenSSLBridge
import TestSupport
import Testing
import Verification

/// Certificate policies (RFC 5280 §6.1), beyond what PKITS 4.8 to 4.12 has.
@Suite("Certificate policies")
struct PolicyTests {
    let root: Issued
    private let one = "1.3.6.1.4.1.55738.1.1"
    private let two = "1.3.6.1.4.1.55738.1.2"
    private let any = "2.5.29.32.0"

    init() throws { root = try .root("Corp Root") }

    private func judge(
        _ ca: CertificateExtension...,
        leaf: CertificateExtension...
    ) throws -> CertificateJudgement {
        let issuing = try root.ca("Corp Issuing") { draft in ca.forEach { draft.set($0) } }
        let certificate = try issuing.leaf { draft in leaf.forEach { draft.set($0) } }
        return try judged(certificate, trusted: [root], carried: [issuing])
    }

    @Test("are required where a CA says so, and must be the same all the way")
    func required() throws {
        let required = CertificateExtension.policyConstraints(requireExplicitPolicy: 0)
        #expect(try judge(required, .policies([one]), leaf: .policies([one])).chain() != nil)
        #expect(try judge(required, .policies([any]), leaf: .policies([one])).chain() != nil)
        try judge(required, .policies([one])).expect(.policyNotPermitted, "CN=laptop-1.acme.test")
        try judge(required, .policies([one]), leaf: .policies([two])).expect(.policyNotPermitted)
        try judge(required, leaf: .policies([one])).expect(.policyNotPermitted)
        #expect(try judge(.policies([one]), leaf: .policies([two])).chain() != nil)
    }

    @Test("are required after as many certificates as a CA says, of which self-issued ones are none", arguments: 0...4)
    func requiredLater(after skip: Int) throws {
        let required = CertificateExtension.policyConstraints(requireExplicitPolicy: skip)
        let first = try root.ca("First") { $0.set(required) }
        let renewed = try first.ca("First")
        let second = try renewed.ca("Second")
        let certificate = try second.leaf()
        let judgement = try judged(certificate, trusted: [root], carried: [first, renewed, second])
        // Two count below the first: the second CA and the leaf.
        if skip > 2 { #expect(judgement.chain() != nil) } else { judgement.expect(.policyNotPermitted) }
    }

    @Test("that cannot be processed are refused, where no certificate has a policy, too")
    func unreadable() throws {
        let negative = DER.sequence([0x80, 1, 0xff])
        try judge(CertificateExtension(CertificateExtension.OID.policyConstraints, isCritical: true, value: negative))
            .expect(.policyNotPermitted)
    }

    @Test("are not met by anyPolicy where a CA inhibits it")
    func inhibited() throws {
        let required = CertificateExtension.policyConstraints(requireExplicitPolicy: 0)
        let inhibited = CertificateExtension.inhibitAnyPolicy(after: 0)
        #expect(try judge(required, .policies([one]), leaf: .policies([any])).chain() != nil)
        try judge(required, inhibited, .policies([one]), leaf: .policies([any])).expect(.policyNotPermitted)
    }

    @Test("are refused with a qualifier that is not understood, where they are critical (RFC 5280 §4.2.1.4)")
    func qualifiers() throws {
        let (cps, unknown) = ("1.3.6.1.5.5.7.2.1", "1.3.6.1.4.1.55738.2")
        #expect(try judge(leaf: .policies([one], qualifier: cps, isCritical: true)).chain() != nil)
        #expect(try judge(leaf: .policies([one], qualifier: unknown)).chain() != nil)
        try judge(leaf: .policies([one], qualifier: unknown, isCritical: true)).expect(.malformed, "unknown qualifier")
        try judge(.policies([one, two], qualifier: unknown, isCritical: true), leaf: .policies([one]))
            .expect(.malformed, "CN=Corp Issuing", "unknown qualifier")
    }

    @Test("are refused where a policy is named twice, or anyPolicy is mapped")
    func forms() throws {
        try judge(leaf: .policies([one, one])).expect(.policyNotPermitted)
        try judge(.policies([any]), .policyMappings([(any, one)]), leaf: .policies([one])).expect(.policyNotPermitted)
        try judge(.policies([any]), .policyMappings([(one, any)]), leaf: .policies([one])).expect(.policyNotPermitted)
    }

    /// CVE-2023-0464: each of a chain's policies is mapped to all of them, so that the nodes of the tree double.
    @Test("whose tree grows with a power of the chain's length are refused before it does")
    func tree() throws {
        let policies = (1...2).map { "1.3.6.1.4.1.55738.3.\($0)" }
        let pairs = policies.flatMap { first in policies.map { (first, $0) } }
        var chain = [root]
        for depth in 0..<8 {
            let ca = try chain[depth].ca("CA \(depth)") { draft in
                draft.set(.policies(policies))
                draft.set(.policyMappings(pairs))
                draft.set(.policyConstraints(requireExplicitPolicy: 0))
            }
            chain.append(ca)
        }
        let wide = (1...40).map { "1.3.6.1.4.1.55738.4.\($0)" }
        let wider = try root.ca("Wide") { draft in
            draft.set(.policies(wide))
            draft.set(.policyMappings(wide.flatMap { first in wide.map { (first, $0) } }))
            draft.set(.policyConstraints(requireExplicitPolicy: 0))
        }
        let below = try wider.ca("Below") { draft in
            draft.set(.policies(wide))
            draft.set(.policyMappings(wide.flatMap { first in wide.map { (first, $0) } }))
        }
        let leaf = try below.leaf { $0.set(.policies(wide)) }
        try judged(leaf, trusted: [root], carried: [wider, below]).expect(.policyNotPermitted)
        // Bounded either way: a chain of two policies stays below the bound, or is refused by it.
        _ = try judged(chain[8].leaf { $0.set(.policies(policies)) }, trusted: [root], carried: Array(chain[1...]))
    }
}
