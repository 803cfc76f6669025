import Foundation
import PostureModel
import TestSupport
import Testing
import Verification

@testable import Agent

@Suite("A certificate and a CRL", .timeLimit(.minutes(5)))
struct RevokedCheckTests {
    let fixture: CheckFixture

    init() throws { fixture = try CheckFixture() }

    private func run(_ crls: String...) async throws -> CheckResult {
        try await fixture.check(crls: crls).run()
    }

    @Test("pass together where it is not on the list, and fail where it is")
    func listed() async throws {
        let leaf = try fixture.leaf()
        try fixture.database.importWithKey(leaf, nickname: "laptop")
        #expect(try await run(fixture.directory.crl(of: fixture.root)).outcome == .pass)
        let other = try fixture.leaf()
        #expect(try await run(fixture.directory.crl(of: fixture.root, revoking: [other])).outcome == .pass)
        let revoked = try await run(fixture.directory.crl(of: fixture.root, revoking: [other, leaf]))
        #expect(revoked.outcome == .fail)
        #expect(revoked.code == .revoked)
        #expect(revoked.reason.contains("CN=laptop-1.acme.test was revoked by CN=Corp Root"))
    }

    @Test("fail where the list is another CA's: nobody knows")
    func unknown() async throws {
        try fixture.database.importWithKey(fixture.leaf(), nickname: "laptop")
        let other = try fixture.pki.ca("Other Root")
        let result = try await run(fixture.directory.crl(of: other))
        #expect(result.code == .revocationUnknown)
        #expect(result.reason.contains("provide a CRL of CN=Corp Root"), "\(result.reason)")
    }

    @Test("are named on the command line too, as PEM or DER")
    func command() throws {
        let (leaf, root) = (try fixture.leaf(), fixture.root)
        let pem = try fixture.directory.crl(of: root, revoking: [leaf])
        let der = fixture.directory.file("crl.der")
        try runTool("openssl", ["crl", "-in", pem, "-outform", "DER", "-out", der])
        for crl in [pem, der] {
            let arguments = ["verify", "--trusted", root.certificatePath, "--crl", crl, leaf.certificatePath]
            let ending = try runProgram(TestMachine.postured, arguments)
            #expect(ending.status == 1)
            #expect(ending.output.contains("was revoked by CN=Corp Root"), "\(ending.output)\(ending.errors)")
        }
        let below = try fixture.pki.leaf("a.test", issuer: fixture.issuing)
        let empty = try fixture.directory.crl(of: root)
        let arguments = [
            "verify", "--trusted", root.certificatePath, "--intermediate", fixture.issuing.certificatePath,
        ]
        let hard = try runProgram(TestMachine.postured, arguments + ["--crl", empty, below.certificatePath])
        #expect(hard.status == 1)
        let soft = try runProgram(
            TestMachine.postured,
            arguments + ["--crl-soft-fail", "--crl", empty, below.certificatePath]
        )
        #expect(soft.status == 0, "\(soft.output)")
    }
}

extension TemporaryDirectory {
    /// Writes a CRL of `issuer`, valid for 30 days, in PEM, and returns its path.
    func crl(of issuer: TestCertificate, revoking revoked: [TestCertificate] = []) throws -> String {
        let stem = file(UUID().uuidString)
        let lines = try revoked.map { certificate in
            let serial = try runTool("openssl", ["x509", "-in", certificate.certificatePath, "-noout", "-serial"]).text
            return
                "R\t400101000000Z\t250101000000Z\t\(serial.dropFirst("serial=".count).prefix { $0 != "\n" })\tunknown\t/CN=x"
        }
        try Data(lines.map { $0 + "\n" }.joined().utf8).write(to: URL(filePath: "\(stem).index"))
        try Data("01\n".utf8).write(to: URL(filePath: "\(stem).number"))
        let configuration = """
            [ca]
            default_ca = authority
            [authority]
            database = \(stem).index
            crlnumber = \(stem).number
            default_md = sha256
            default_crl_days = 30

            """
        try Data(configuration.utf8).write(to: URL(filePath: "\(stem).cnf"))
        try runTool(
            "openssl",
            [
                "ca", "-gencrl", "-config", "\(stem).cnf", "-cert", issuer.certificatePath, "-keyfile", issuer.keyPath,
                "-out", "\(stem).crl",
            ]
        )
        return "\(stem).crl"
    }
}

@Suite("What the agent does not trust", .timeLimit(.minutes(5)))
struct UntrustedEvidenceTests {
    @Test("the scorer may trust: it gets the intermediates all the same")
    func evidence() async throws {
        let fixture = try CheckFixture()
        try fixture.database.importWithKey(fixture.leaf(issuer: fixture.issuing), nickname: "laptop")
        try fixture.database.add(fixture.issuing, nickname: "issuing")
        try fixture.database.add(fixture.root, nickname: "root")
        var check = try fixture.check()
        check.requirements.trusted = []
        #expect(await check.run().code == .untrustedIssuer)
        let report = try await TestScorer().report(of: TestDevice(fixture, check: check), demanding: fixture)
        #expect(report.checks.map(\.level) == [.proven], "\(report.checks)")
    }

    @Test("by a CRL that is gone is not looked at")
    func noList() async throws {
        let fixture = try CheckFixture()
        try fixture.database.importWithKey(fixture.leaf(), nickname: "laptop")
        let crl = try fixture.directory.crl(of: fixture.root)
        let check = try fixture.check(crls: [crl])
        #expect(await check.run().outcome == .pass)
        try FileManager.default.removeItem(atPath: crl)
        let result = await check.run()
        #expect(result.outcome == .unable)
        #expect(result.reason.contains(crl))
    }
}
