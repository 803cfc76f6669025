import Foundation
import TestSupport
import Testing

/// `postured verify` on files, as a person would call it.
@Suite("The command verify", .timeLimit(.minutes(5)))
struct VerifyCommandTests {
    let pki: TestPKI
    let root: TestCertificate
    let issuing: TestCertificate
    let leaf: TestCertificate
    let directory: TemporaryDirectory

    init() throws {
        pki = try TestPKI()
        root = try pki.ca("Corp Root")
        issuing = try pki.ca("Corp Issuing", issuer: root)
        leaf = try pki.leaf("laptop-1.acme.test", issuer: issuing)
        directory = try TemporaryDirectory("verify")
    }

    private func verify(_ arguments: String...) throws -> Program.Ending {
        try runProgram(TestMachine.postured, ["verify"] + arguments)
    }

    @Test("ends with 0 and the chain in a sentence where the certificate is valid")
    func valid() throws {
        let paths = (root.certificatePath, issuing.certificatePath, leaf.certificatePath)
        let ending = try verify("--trusted", paths.0, "--intermediate", paths.1, "--eku", "clientAuth", paths.2)
        #expect(ending.status == 0)
        #expect(ending.output.contains("CN=laptop-1.acme.test, issued under CN=Corp Root, valid until"))
        let last = try verify("--eku", "clientAuth", "--trusted", paths.0, "--intermediate", paths.1, paths.2)
        #expect(last.status == 0, "a list of files may stand before the certificate's: \(last.errors)")
        #expect(try verify("--trusted", paths.1, paths.2).status == 0, "an issuing CA may be the trusted one")
        let several = try verify("--trusted", paths.0, paths.1, "--intermediate", paths.1, "--", paths.2)
        #expect(several.status == 0)
        let json = try verify("--trusted", paths.1, "--json", paths.2)
        let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
        #expect(object?["outcome"] as? String == "pass")
        #expect(object?["chain"] as? [String] == ["CN=laptop-1.acme.test", "CN=Corp Issuing"])
    }

    @Test("reads DER as well as PEM, and takes what follows the certificate in its file for intermediates")
    func forms() throws {
        let der = try directory.write(leaf.der, to: "leaf.der")
        let anchor = try directory.write(root.der, to: "root.der")
        let middle = try directory.write(issuing.der, to: "issuing.der")
        #expect(try verify("--trusted", anchor, "--intermediate", middle, der).status == 0)
        let chain = try directory.write((leaf.pem + issuing.pem).utf8, to: "chain.pem")
        #expect(try verify("--trusted", anchor, chain).status == 0)
    }

    @Test("reads PEM that a Windows editor saved")
    func windows() throws {
        func saved(_ certificate: TestCertificate, _ name: String) throws -> String {
            try directory.write(("\u{feff}" + certificate.pem.replacing("\n", with: "\r\n")).utf8, to: name)
        }
        let paths = [try saved(root, "root.pem"), try saved(issuing, "issuing.pem"), try saved(leaf, "leaf.pem")]
        let ending = try verify("--trusted", paths[0], "--intermediate", paths[1], paths[2])
        #expect(ending.status == 0, "\(ending)")
    }

    @Test("ends with 2 and the command that converts it where a file is of another form")
    func otherForms() throws {
        let file = directory.file("certificates.p7b")
        try runTool("openssl", ["crl2pkcs7", "-nocrl", "-certfile", root.certificatePath, "-out", file])
        let (trusted, certificate) = (root.certificatePath, leaf.certificatePath)
        for arguments in [
            ["--trusted", file, certificate], ["--trusted", trusted, file],
            ["--trusted", trusted, "--intermediate", file, certificate],
        ] {
            let ending = try runProgram(TestMachine.postured, ["verify"] + arguments)
            #expect(ending.status == 2, "\(arguments)")
            #expect(ending.errors.contains("openssl pkcs7 -print_certs -in \(file) -out"), "\(ending.errors)")
        }
    }

    @Test("ends with 1 and the reason where it is not")
    func invalid() throws {
        let (trusted, certificate) = (root.certificatePath, leaf.certificatePath)
        let missing = try verify("--trusted", trusted, certificate)
        #expect(missing.status == 1)
        #expect(missing.output.contains("was issued by CN=Corp Issuing, which is neither the trusted CA"))
        let over = ["--trusted", trusted, "--intermediate", issuing.certificatePath]
        for (more, word) in [
            (["--time", "2090-01-01T00:00:00Z"], "expired"),
            (["--time", "2020-01-01T00:00:00+02:00"], "valid only from"),
            (["--eku", "emailProtection"], "may not be used for emailProtection"), (["--eku", "1.2.3"], "for 1.2.3"),
        ] {
            let ending = try runProgram(TestMachine.postured, ["verify"] + over + more + [certificate])
            #expect(ending.status == 1)
            #expect(ending.output.hasPrefix("fail: \(certificate): "))
            #expect(ending.output.contains(word), "\(ending.output)")
        }
        var der = leaf.der
        der.removeLast(10)
        let broken = try directory.write(der, to: "broken.der")
        let malformed = try verify("--trusted", trusted, broken)
        #expect(malformed.status == 1)
        #expect(malformed.output.contains("cannot be read as a certificate"))
    }

    @Test("demands no extended key usage unless told to")
    func noUsage() throws {
        let plain = try pki.leaf("server.acme.test", issuer: root, eku: [])
        #expect(try verify("--trusted", root.certificatePath, plain.certificatePath).status == 0)
        let ending = try verify("--trusted", root.certificatePath, "--eku", "clientAuth", plain.certificatePath)
        #expect(ending.status == 1)
    }

    @Test("ends with 2 and names the file where one cannot be read")
    func unreadable() throws {
        let none = directory.file("none.pem")
        let text = try directory.write("hello\n".utf8, to: "text.pem")
        for (arguments, file) in [
            (["--trusted", none, leaf.certificatePath], none), (["--trusted", root.certificatePath, none], none),
            (["--trusted", text, leaf.certificatePath], text), (["--trusted", root.certificatePath, text], text),
            (["--trusted", root.certificatePath, "--intermediate", none, "--json", leaf.certificatePath], none),
            (["--trusted", root.certificatePath, "--crl", text, "--json", leaf.certificatePath], text),
        ] {
            let ending = try runProgram(TestMachine.postured, ["verify"] + arguments)
            #expect(ending.status == 2, "\(arguments)")
            #expect(ending.errors.hasPrefix("postured: \(file): "), "\(ending.errors)")
        }
    }

    @Test("says what is wrong with its arguments")
    func arguments() throws {
        for (arguments, word) in [
            (
                ["--trusted", root.certificatePath, "--time", "yesterday", leaf.certificatePath],
                "'yesterday' is no time"
            ),
            (["--trusted", root.certificatePath, "--eku", "client", leaf.certificatePath], "'client' is neither"),
            ([leaf.certificatePath], "--trusted"), (["--trusted", root.certificatePath], "--trusted names no file"),
        ] {
            let ending = try runProgram(TestMachine.postured, ["verify"] + arguments)
            #expect(ending.status != 0 && ending.status != 1)
            #expect(ending.errors.contains(word), "\(ending.errors)")
        }
    }
}
