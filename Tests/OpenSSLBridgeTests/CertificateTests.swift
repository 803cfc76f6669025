import OpenSSLBridge
import PostureModel
import TestSupport
import Testing

@Suite("A certificate")
struct CertificateTests {
    @Test("tells its names, number, times, fingerprint and key")
    func fields() throws {
        let pki = try TestPKI()
        let root = try pki.ca("Corp Root")
        let made = try pki.leaf(
            "laptop-1.acme.test",
            issuer: root,
            validity: .between("20300101000000Z", "20500102030405Z")
        )
        let certificate = try Certificate(der: made.der)
        #expect(certificate.der == made.der)
        #expect(certificate.subject == "CN=laptop-1.acme.test")
        #expect(certificate.issuer == "CN=Corp Root")
        #expect(certificate.commonNames == ["laptop-1.acme.test"])
        #expect(certificate.notBefore?.description == "2030-01-01T00:00:00Z")
        #expect(certificate.notAfter?.description == "2050-01-02T03:04:05Z")
        #expect(certificate.extendedKeyUsages == ["1.3.6.1.5.5.7.3.2"])
        #expect(certificate.allowsDigitalSignature)
        #expect(!certificate.isCA && !certificate.isSelfIssued)
        #expect(try certificate.publicKey().jwk == PrivateKey(pem: made.keyPEM).publicKey.jwk)
        let file = made.certificatePath
        let fingerprint = try runTool("openssl", ["x509", "-in", file, "-noout", "-fingerprint", "-sha256"]).text
        #expect(certificate.fingerprint == Base64URL.encode(Digest.sha256(made.der)))
        let hexadecimal = Digest.sha256(made.der).map { ($0 < 16 ? "0" : "") + String($0, radix: 16).uppercased() }
        #expect(fingerprint == "sha256 Fingerprint=\(hexadecimal.joined(separator: ":"))\n")
        let serial = try runTool("openssl", ["x509", "-in", file, "-noout", "-serial"]).text
        #expect("serial=\(certificate.serialNumber.uppercased())\n" == serial.replacing("=0", with: "="))
    }

    @Test("of a CA says so")
    func authority() throws {
        let pki = try TestPKI()
        let root = try Certificate(der: pki.ca("Corp Root").der)
        #expect(root.isCA && root.isSelfIssued)
        #expect(!root.allowsDigitalSignature)
        #expect(root.extendedKeyUsages == nil)
    }

    @Test("may sign where it has no key usage at all")
    func noKeyUsage() throws {
        let pki = try TestPKI()
        let without = try pki.leaf("a.test", issuer: nil, extensions: ["keyUsage": nil])
        #expect(try Certificate(der: without.der).allowsDigitalSignature)
        let other = try pki.leaf("a.test", issuer: nil, extensions: ["keyUsage": "critical,keyAgreement"])
        #expect(try !Certificate(der: other.der).allowsDigitalSignature)
    }

    @Test("has the extended key usages of its extension, and none that cannot be read")
    func usages() throws {
        let pki = try TestPKI()
        let several = try pki.leaf("a.test", issuer: nil, eku: ["clientAuth", "emailProtection", "1.2.3.4.5"])
        let oids = ["1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.4", "1.2.3.4.5"]
        #expect(try Certificate(der: several.der).extendedKeyUsages == oids)
        let none = try pki.leaf("a.test", issuer: nil, eku: [])
        #expect(try Certificate(der: none.der).extendedKeyUsages == nil)
        let clientAuth: [UInt8] = tlv(0x30, [0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x02])
        for values in [[[0x05, 0x00]], [clientAuth, clientAuth], [clientAuth.dropLast()]] as [[[UInt8]]] {
            let extensions = values.map(HandmadeCertificate.extendedKeyUsage)
            let certificate = try Certificate(der: HandmadeCertificate(extensions: extensions).der)
            #expect(certificate.extendedKeyUsages == [], "\(values)")
        }
        // An object identifier longer than any buffer for its text.
        let long = tlv(0x30, tlv(0x06, [0x2a] + [UInt8](repeating: 0x7f, count: 500)))
        let certificate = try Certificate(
            der: HandmadeCertificate(extensions: [HandmadeCertificate.extendedKeyUsage(long)]).der
        )
        #expect(certificate.extendedKeyUsages?.count == 1)
    }

    @Test(
        "has its serial number in hexadecimal",
        arguments: [
            ([0x01], "1"), ([0x00], "0"), ([0x7f, 0xff], "7fff"), ([0x00, 0x80], "80"), ([0x0a, 0xbc], "abc"),
            ([0x10, 0x00], "1000"), ([0xff], "-1"), ([0x80], "-80"), ([0xfe, 0xff], "-101"),
            ([0x7f] + [UInt8](repeating: 0, count: 29), "7f" + String(repeating: "0", count: 58)),
        ] as [([UInt8], String)]
    )
    func serialNumber(contents: [UInt8], text: String) throws {
        #expect(try Certificate(der: HandmadeCertificate(serial: contents).der).serialNumber == text)
    }

    @Test(
        "has its serial number in decimal",
        arguments: [
            ([0x00], "0"), ([0x09], "9"), ([0x00, 0xff], "255"), ([0x01, 0x00], "256"),
            ([0x01, 0x00, 0x00], "65536"),
            ([0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], "18446744073709551615"),
            ([0x01, 0, 0, 0, 0, 0, 0, 0, 0], "18446744073709551616"), ([0xff], "-1"), ([0xff, 0x01], "-255"),
        ] as [([UInt8], String)]
    )
    func decimalSerialNumber(contents: [UInt8], text: String) throws {
        #expect(try Certificate(der: HandmadeCertificate(serial: contents).der).decimalSerialNumber == text)
    }

    @Test("has no time where its time is none", arguments: ["garbage", "", "309901000000Z", "30010100Z"])
    func times(text: String) throws {
        let certificate = try Certificate(der: HandmadeCertificate(notAfter: text).der)
        #expect(certificate.notAfter == nil)
        #expect(certificate.notBefore?.description == "2030-01-01T00:00:00Z")
    }

    @Test("is refused with bytes after it, too long, cut short, or none at all")
    func refused() throws {
        let der = HandmadeCertificate().der
        #expect(try Certificate(der: der).der == der)
        var error = #expect(throws: OpenSSLError.self) { try Certificate(der: der + [0]) }
        #expect(error?.description == "certificate: bytes after its end")
        error = #expect(throws: OpenSSLError.self) { try Certificate(der: der + der) }
        #expect(error?.description == "certificate: bytes after its end")
        let long = HandmadeCertificate(extensions: [HandmadeCertificate.unknownExtension(length: 65_536)]).der
        error = #expect(throws: OpenSSLError.self) { try Certificate(der: long) }
        #expect(error?.description == "certificate: longer than 64 KiB")
        let shorter = HandmadeCertificate(extensions: [HandmadeCertificate.unknownExtension(length: 65_000)]).der
        #expect(try Certificate(der: shorter).der == shorter)
        let stubs: [[UInt8]] = [[], [0x30], [0x30, 0x00], [0x30, 0x84, 0xff, 0xff, 0xff, 0xff]]
        for bytes in stubs + der.indices.map({ Array(der.prefix($0)) }) {
            #expect(throws: OpenSSLError.self) { try Certificate(der: bytes) }
        }
    }

    @Test("answers every question, or is refused, whichever byte of it is another")
    func torture() throws {
        let usage = HandmadeCertificate.extendedKeyUsage(tlv(0x30, [0x06, 0x03, 0x2a, 0x03, 0x04]))
        let der = HandmadeCertificate(extensions: [usage]).der
        for index in der.indices {
            for value in [der[index] ^ 0x01, der[index] ^ 0x80, 0x00, 0xff] as [UInt8] {
                var bytes = der
                bytes[index] = value
                guard let certificate = try? Certificate(der: bytes) else { continue }
                _ = (certificate.subject, certificate.issuer, certificate.commonNames, certificate.serialNumber)
                _ = (certificate.notBefore, certificate.notAfter, certificate.extendedKeyUsages, certificate.isCA)
                _ = (certificate.allowsDigitalSignature, certificate.isSelfIssued, try? certificate.publicKey())
            }
        }
    }
}
