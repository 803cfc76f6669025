import OpenSSLBridge
import TestSupport
import Verification

/// What a CA issued, though it costs much: for a message that is proven, or by somebody who collects certificates.
struct Genuine {
    private let root: Issued

    init() throws { root = try .root("Corp Root") }

    func scenes() throws -> [ExpensiveMessages.Scene] {
        let names = (0..<900).map { NameForm.dns("host-\($0).acme.test") }
        let others = (0..<800).map { NameForm.dns("excluded-\($0).example") }
        let constraining = try root.ca("Corp Issuing") { $0.set(.nameConstraints(excluded: others)) }
        let named = try constraining.leaf { $0.set(.alternativeNames([.dns("laptop-1.acme.test")] + names)) }
        let policies = (0..<30).map { "1.3.6.1.4.1.55738.1.\($0)" }
        let pairs = policies.flatMap { first in policies.map { (first, $0) } }
        var mapping = [root]
        for depth in 0..<3 {
            mapping.append(
                try mapping[depth].ca("CA \(depth)") { draft in
                    draft.set(.policies(policies))
                    draft.set(.policyMappings(depth == 0 ? pairs : Array(pairs.prefix(200))))
                    draft.set(.policyConstraints(requireExplicitPolicy: 0))
                }
            )
        }
        let mapped = try mapping[3].leaf { $0.set(.policies(policies)) }
        let key = try PrivateKey.generate(.p256)
        let renewed = try (0..<9).map { index in
            try root.ca("Corp Issuing", key: key) { $0.set(.nameConstraints(excluded: [.dns("acme.test")])) }
        }
        let wide = try Issued.root("Corp Root", key: .generate(.rsa(bits: 8192)))
        var deep = [wide]
        for depth in 0..<8 { deep.append(try deep[depth].ca("CA \(depth)", key: wide.key)) }
        let bottom = try deep[8].leaf(key: wide.key)
        return [
            try scene("a CA with 800 name constraints, a leaf with 900 names", [named, constraining]),
            try scene("policies that are mapped to each other", [mapped] + mapping.dropFirst().reversed()),
            try scene("nine renewed CAs that all exclude the leaf", [try renewed[0].leaf()] + renewed),
            try scene("a chain of ten with RSA-8192", [bottom] + deep.dropFirst().reversed(), trusted: wide),
        ]
    }

    private func scene(
        _ name: String,
        _ chain: [Issued],
        trusted: Issued? = nil
    ) throws -> ExpensiveMessages.Scene {
        ExpensiveMessages.Scene(
            name: name,
            proofs: [.init(chain.map(\.der), key: chain[0].key)],
            requirements: try CertificateRequirements([trusted ?? root])
        )
    }
}
