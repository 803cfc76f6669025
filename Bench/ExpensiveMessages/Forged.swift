import OpenSSLBridge
import TestSupport
import Verification

/// What anybody can send who knows the trusted CA's certificate, without a certificate of theirs.
struct Forged {
    private typealias Scene = ExpensiveMessages.Scene
    private let root: Issued
    private let issuing: Issued
    /// An end entity's certificate, and its key.
    private let enrolled: Issued

    init() throws {
        root = try .root("Corp Root")
        issuing = try root.ca("Corp Issuing")
        enrolled = try issuing.leaf("Corp Root")
    }

    func scenes() throws -> [ExpensiveMessages.Scene] {
        try keys() + forks() + sizes()
    }

    private func scene(
        _ name: String,
        _ chain: [Issued],
        _ requirements: CertificateRequirements? = nil
    ) throws -> Scene {
        let leaf = chain[0]
        let requirements = try requirements ?? CertificateRequirements([root], [issuing])
        return Scene(name: name, proofs: [.init(chain.map(\.der), key: leaf.key)], requirements: requirements)
    }

    /// Self-issued CAs named like the trusted one, each signed by the next.
    private func keys() throws -> [Scene] {
        var scenes: [Scene] = []
        for key in try ForgedKeys.all() {
            for hasIdentifiers in [true, false] {
                var chain = [try Issued.root("Corp Root") { $0.publicKeyInfo = key.info }]
                for _ in 0..<8 { chain.append(try next(chain, hasIdentifiers) { $0.publicKeyInfo = key.info }) }
                let leaf = try chain[8].leaf { if !hasIdentifiers { $0.removeIdentifiers() } }
                let name = "nine forged CAs with \(key.name)\(hasIdentifiers ? "" : ", no identifiers")"
                scenes.append(try scene(name, [leaf] + chain.reversed()))
            }
        }
        let long = try LongExponentKey(bits: 3072)
        func change(_ draft: inout Draft) {
            (draft.publicKeyInfo, draft.sign) = (long.info, long.sign)
            (draft.innerAlgorithm, draft.outerAlgorithm) = (Draft.rsaWithSHA256, Draft.rsaWithSHA256)
            draft.removeIdentifiers()
        }
        var chain = [try Issued.root("Corp Root", change: change)]
        for _ in 0..<8 { chain.append(try next(chain, true, change)) }
        let key = try PrivateKey.generate(.p256)
        let leaf = try chain[8].leaf(key: key) { draft in
            change(&draft)
            draft.publicKeyInfo = key.publicKeyInfo
        }
        let name = "nine CAs with exponents of 3072 bits that did sign each other"
        scenes.append(try scene(name, [leaf] + chain.reversed()))
        return scenes
    }

    private func next(
        _ chain: [Issued],
        _ hasIdentifiers: Bool,
        _ change: (inout Draft) -> Void
    ) throws -> Issued {
        try chain[chain.count - 1].ca("Corp Root") { draft in
            change(&draft)
            if !hasIdentifiers { draft.removeIdentifiers() }
        }
    }

    private func forks() throws -> [Scene] {
        func bare(_ draft: inout Draft) { draft.removeIdentifiers() }
        let alike = try (0..<9).map { _ in try Issued.root("Corp Issuing", change: bare) }
        let children = try (0..<9).map { try alike[$0].ca("Corp Issuing", change: bare) }
        let below = try (0..<8).map { _ in try enrolled.ca("Corp Issuing", change: bare) }
        return [
            try scene("nine CAs named like the issuing CA", [try alike[0].leaf(change: bare)] + alike),
            try scene("nine CAs that might have issued each other", [try children[0].leaf(change: bare)] + children),
            try scene("CAs below an enrolled leaf", [try below[0].leaf(change: bare)] + below + [enrolled]),
            try scene(
                "a forged leaf, 1,000 CAs alike configured",
                [try alike[0].leaf(change: bare)],
                CertificateRequirements([root], try (0..<1_000).map { _ in try root.ca("Corp Issuing") })
            ),
        ]
    }

    /// Certificates that are as long as a message may be.
    private func sizes() throws -> [Scene] {
        let names = (0..<1_900).map { NameForm.dns("host-\($0).acme.test") }
        func subject(_ count: Int) -> [UInt8] {
            let attributes = (0..<count).map { DER.sequence(DER.oid("2.5.4.3"), tlv(0x0c, Array("n\($0)".utf8))) }
            return tlv(0x30, attributes.flatMap { tlv(0x31, $0) })
        }
        let few = subject(250)
        let pairs = (0..<1_000).map { ("1.3.6.1.4.1.55738.1.\($0)", "1.3.6.1.4.1.55738.2.\($0)") }
        let unknown = (0..<1_800).map { CertificateExtension("1.3.6.1.4.1.55738.9.\($0)", value: []) }
        let large = try ["alternative names", "attributes of its subject", "extensions"].enumerated().map {
            kind,
            what in
            let leaf = try Issued.root("Corp Issuing").leaf { draft in
                switch kind {
                case 0: draft.set(.alternativeNames(names))
                case 1: draft.subject = subject(2_000)
                default: draft.extensions += unknown
                }
                draft.removeIdentifiers()
            }
            return try scene("a forged leaf with thousands of \(what)", [leaf])
        }
        let constraints = try Issued.root("Corp Root") { $0.set(.nameConstraints(excluded: names)) }
        let mappings = try Issued.root("Corp Root") { $0.set(.policyMappings(pairs)) }
        let named = try (0..<9).map { _ in
            try Issued.root("x") { ($0.subject, $0.issuer) = (few, issuing.subject) }
        }
        return large + [
            try scene("a forged CA with thousands of name constraints", [try constraints.leaf(), constraints]),
            try scene("a forged CA with thousands of policy mappings", [try mappings.leaf(), mappings]),
            try scene("nine forged CAs with hundreds of attributes in their subjects", [try named[0].leaf()] + named),
        ]
    }
}

extension Draft {
    /// Leaves out what would tell two CAs of one name apart.
    mutating func removeIdentifiers() {
        self[CertificateExtension.OID.subjectKeyIdentifier] = nil
        self[CertificateExtension.OID.authorityKeyIdentifier] = nil
    }
}
