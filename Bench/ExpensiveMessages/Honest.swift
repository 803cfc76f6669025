import OpenSSLBridge
import TestSupport
import Verification

/// What honest devices send: the first is what the others are compared with.
struct Honest {
    /// A chain of a root, an issuing CA and a leaf, all with keys of one kind.
    private func scene(_ name: String, _ kind: PrivateKey.Kind, isReport: Bool) throws -> ExpensiveMessages.Scene {
        let root = try Issued.root("Corp Root", key: .generate(kind))
        let issuing = try root.ca("Corp Issuing", key: .generate(kind))
        let leaf = try issuing.leaf(key: .generate(kind))
        return ExpensiveMessages.Scene(
            name: name,
            proofs: [CarryingDevice.Proof([leaf.der, issuing.der], key: leaf.key)],
            requirements: try CertificateRequirements([root]),
            isReport: isReport
        )
    }

    func scenes() throws -> [ExpensiveMessages.Scene] {
        var scenes = [
            try scene("honest report, P-256", .p256, isReport: true),
            try scene("honest registration, P-256", .p256, isReport: false),
            try scene("honest report, P-384", .p384, isReport: true),
            try scene("honest report, RSA-2048", .rsa(bits: 2048), isReport: true),
            try scene("honest report, RSA-4096", .rsa(bits: 4096), isReport: true),
            try scene("honest report, RSA-8192", .rsa(bits: 8192), isReport: true),
        ]
        let root = try Issued.root("Corp Root")
        let issuing = try root.ca("Corp Issuing")
        let leaf = try issuing.leaf()
        let proof = CarryingDevice.Proof([leaf.der, issuing.der], key: leaf.key)
        func add(_ name: String, _ requirements: CertificateRequirements) {
            scenes.append(.init(name: name, proofs: [proof], requirements: requirements, isReport: true))
        }
        add("honest report, two short CRLs", try CertificateRequirements([root], lists: [root.list(), issuing.list()]))
        func longList(of ca: Issued) throws -> [UInt8] {
            try ca.list { draft in
                draft.entries = (0..<100_000).map { number in
                    .init([0x41, UInt8(number >> 16), UInt8(number >> 8 & 255), UInt8(number & 255)])
                }
            }
        }
        let other = try root.ca("Other CA")
        let lists = try [root.list(), issuing.list(), longList(of: other)]
        let requirements = try CertificateRequirements([root], [other], lists: lists)
        add("honest report, a CRL of 100,000 entries of another CA", requirements)
        let long = try [root.list(), longList(of: issuing)]
        add("honest report, a CRL of 100,000 entries of its CA", try CertificateRequirements([root], lists: long))
        let many = try (0..<1_000).map { try root.ca("CA \($0)") }
        add("honest report, 1,000 other intermediates configured", try CertificateRequirements([root], many))
        return scenes
    }
}
