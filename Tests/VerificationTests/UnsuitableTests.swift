import OpenSSLBridge
import PostureModel
import TestSupport
import Testing
import Verification

@Suite("A certificate does not qualify")
struct UnsuitableTests {
    let pki: TestPKI
    let root: TestCertificate
    let name = "laptop-1.acme.test"

    init() throws {
        pki = try TestPKI()
        root = try pki.ca("Corp Root", validity: Day.year2030)
    }

    private func leaf(
        under issuer: TestCertificate? = nil,
        eku: [String] = ["clientAuth"],
        key: TestPKI.Key = .p256,
        extensions: [String: String?] = [:]
    ) throws -> TestCertificate {
        let issuer = issuer ?? root
        return try pki.leaf(name, issuer: issuer, eku: eku, key: key, validity: Day.year2030, extensions: extensions)
    }

    @Test("without the extended key usage that is asked for, and the sentence says which it has")
    func usage() throws {
        try judged(leaf(eku: []), trusted: [root])
            .expect(.missingUsage, "CN=\(name) may not be used for clientAuth", "usage: none")
        try judged(leaf(eku: ["emailProtection"]), trusted: [root])
            .expect(.missingUsage, "CN=\(name) may not be used for clientAuth", "usage: emailProtection")
        try judged(leaf(eku: ["serverAuth"]), trusted: [root])
            .expect(.missingUsage, "clientAuth", "usage: serverAuth")
        try judged(leaf(eku: ["anyExtendedKeyUsage"]), trusted: [root])
            .expect(.missingUsage, "clientAuth", "usage: anyExtendedKeyUsage")
    }

    @Test("without all of the usages that are asked for")
    func usages() throws {
        let both = [ExtendedKeyUsage.clientAuth, ExtendedKeyUsage.emailProtection]
        #expect(try judged(leaf(eku: ["clientAuth", "emailProtection"]), trusted: [root], usages: both).chain() != nil)
        try judged(leaf(), trusted: [root], usages: both).expect(
            .missingUsage,
            "for emailProtection",
            "usage: clientAuth"
        )
        #expect(try judged(leaf(eku: ["emailProtection"]), trusted: [root], usages: [both[1]]).chain() != nil)
        #expect(try judged(leaf(eku: []), trusted: [root], usages: []).chain() != nil)
        try judged(leaf(), trusted: [root], usages: ["1.2.3.4"]).expect(.missingUsage, "for 1.2.3.4")
    }

    @Test("under a CA that may issue for other usages only")
    func constrainedCA() throws {
        let constrained = try pki.ca(
            "Mail CA",
            issuer: root,
            validity: Day.year2030,
            extensions: ["extendedKeyUsage": "emailProtection"]
        )
        try judged(leaf(under: constrained), trusted: [root], carried: [constrained])
            .expect(.unsuitable, "CN=Mail CA, above CN=\(name),", "does not qualify")
    }

    @Test("when what issued it is no CA")
    func notCA() throws {
        let other = try pki.ca(
            "Not A CA",
            issuer: root,
            validity: Day.year2030,
            extensions: ["basicConstraints": "critical,CA:FALSE"]
        )
        try judged(leaf(under: other), trusted: [root], carried: [other]).expect(
            .unsuitable,
            "CN=Not A CA, above CN=\(name),"
        )
        let laptop = try pki.leaf("laptop-2.acme.test", issuer: root, validity: Day.year2030)
        guard case .invalid = try judged(leaf(under: laptop), trusted: [root], carried: [laptop]) else {
            Issue.record("accepted")
            return
        }
        let unmarked = try pki.ca(
            "Unmarked CA",
            issuer: root,
            validity: Day.year2030,
            extensions: ["basicConstraints": nil]
        )
        try judged(leaf(under: unmarked), trusted: [root], carried: [unmarked]).expect(.unsuitable, "CN=Unmarked CA")
    }

    @Test("below a longer path than a CA allows")
    func pathLength() throws {
        let short = try pki.ca(
            "Short Root",
            validity: Day.year2030,
            extensions: ["basicConstraints": "critical,CA:TRUE,pathlen:0"]
        )
        #expect(try judged(leaf(under: short), trusted: [short]).chain() != nil)
        let below = try pki.ca("Below", issuer: short, validity: Day.year2030)
        try judged(leaf(under: below), trusted: [short], carried: [below]).expect(
            .pathLength,
            "path length",
            "CN=Short Root"
        )
    }

    @Test("when its chain is too deep")
    func depth() throws {
        var chain = [root]
        for number in 1...10 {
            chain.append(try pki.ca("CA \(number)", issuer: chain[chain.count - 1], validity: Day.year2030))
        }
        guard case .invalid = try judged(leaf(under: chain[10]), trusted: [root], carried: chain) else {
            Issue.record("accepted")
            return
        }
    }

    @Test("as an end entity that could sign certificates")
    func keyCertSign() throws {
        let able = try leaf(extensions: ["keyUsage": "critical,digitalSignature,keyCertSign"])
        try judged(able, trusted: [root]).expect(.unsuitable, "CN=\(name)", "keyCertSign")
    }

    @Test("with a critical extension that nobody knows, or outside its CA's name constraints")
    func critical() throws {
        let odd = try leaf(extensions: ["1.2.3.4": "critical,DER:0500"])
        try judged(odd, trusted: [root]).expect(.unsuitable, "CN=\(name)", "critical extension")
        let constrained = try pki.ca(
            "Constrained",
            issuer: root,
            validity: Day.year2030,
            extensions: ["nameConstraints": "critical,permitted;DNS:other.test"]
        )
        try judged(leaf(under: constrained), trusted: [root], carried: [constrained]).expect(
            .nameNotPermitted,
            "CN=\(name)",
            "of CN=Constrained"
        )
    }

    @Test("when it was signed over SHA-1")
    func sha1() throws {
        let directory = try TemporaryDirectory("sha1")
        let request = directory.file("request")
        let key = directory.file("key")
        try runTool(
            "openssl",
            ["req", "-new", "-nodes", "-newkey", "rsa:2048", "-keyout", key, "-subj", "/CN=\(name)", "-out", request]
        )
        let lines =
            ["keyUsage=critical,digitalSignature", "extendedKeyUsage=clientAuth", "basicConstraints=CA:FALSE"]
            + ["subjectKeyIdentifier=hash", "authorityKeyIdentifier=keyid"]
        let extensions = try directory.write(lines.joined(separator: "\n").utf8, to: "extensions")
        let root = try pki.ca("Corp Root", key: .rsa(2048))
        for (hash, isGood) in [("-sha1", false), ("-sha256", true)] {
            let signer = ["-CA", root.certificatePath, "-CAkey", root.keyPath, "-days", "30", "-extfile", extensions]
            let pem = try runTool("openssl", ["x509", "-req", "-in", request, hash] + signer).text
            let certificate = try #require(try Certificate.parse(pem: pem).first)
            let requirements = CertificateRequirements(trusted: [try root.parsed()])
            let judgement = try judge(certificate, against: requirements, at: .now().adding(seconds: 60))
            if isGood {
                #expect(judgement.chain() != nil)
            } else {
                judgement.expect(.weakAlgorithm, "CN=\(name)", "too weak")
            }
        }
    }

    @Test("with an RSA key of 1024 bits, its own or its CA's")
    func weakKey() throws {
        try judged(leaf(key: .rsa(1024)), trusted: [root]).expect(.weakAlgorithm, "CN=\(name)", "RSA-1024")
        let weak = try pki.ca("Weak CA", issuer: root, key: .rsa(1024), validity: Day.year2030)
        try judged(leaf(under: weak), trusted: [root], carried: [weak]).expect(.weakAlgorithm, "CN=Weak CA", "RSA-1024")
    }
}
