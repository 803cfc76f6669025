import OpenSSLBridge
import TestSupport
import Testing

@Suite("A certificate's subject")
struct CertificateNameTests {
    static let utf8: UInt8 = 0x0c

    private func certificate(_ names: (tag: UInt8, value: [UInt8])...) throws -> Certificate {
        try Certificate(
            der: HandmadeCertificate(subject: names.map { HandmadeCertificate.commonName(tag: $0.tag, $0.value) }).der
        )
    }

    @Test("may have several common names, and all of them count, in its order")
    func several() throws {
        let pki = try TestPKI()
        let subject = [("O", "Acme"), ("CN", "laptop-1.acme.test"), ("OU", "IT"), ("CN", "laptop-2.acme.test")]
        let certificate = try Certificate(der: pki.leaf("", issuer: nil, subject: subject, names: []).der)
        #expect(certificate.commonNames == ["laptop-1.acme.test", "laptop-2.acme.test"])
        #expect(certificate.subject == "CN=laptop-2.acme.test,OU=IT,CN=laptop-1.acme.test,O=Acme")
    }

    @Test("may have no common name")
    func none() throws {
        let certificate = try Certificate(der: TestPKI().leaf("", issuer: nil, subject: [("O", "Acme")], names: []).der)
        #expect(certificate.commonNames.isEmpty)
        #expect(certificate.subject == "O=Acme")
        #expect(try Certificate(der: HandmadeCertificate(subject: []).der).subject == "")
    }

    @Test("has its common name in any of ASN.1's strings")
    func strings() throws {
        let bmp = "Löwe-1".utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xff)] }
        #expect(try certificate((0x1e, bmp)).commonNames == ["Löwe-1"])
        let universal = "Löwe-1🦁".unicodeScalars.flatMap { scalar in
            (0..<4).map { UInt8(truncatingIfNeeded: scalar.value >> (24 - 8 * $0)) }
        }
        #expect(try certificate((0x1c, universal)).commonNames == ["Löwe-1🦁"])
        #expect(try certificate((0x13, Array("laptop".utf8))).commonNames == ["laptop"])
        #expect(try certificate((0x14, [0x4c, 0xf6, 0x77, 0x65])).commonNames == ["Löwe"])
        #expect(try certificate((Self.utf8, [])).commonNames == [""])
    }

    @Test("has a common name with a NUL in it whole, which is another name than its beginning")
    func nul() throws {
        let names = try certificate((Self.utf8, Array("laptop-1.acme.test\0.evil.test".utf8))).commonNames
        #expect(names == ["laptop-1.acme.test\0.evil.test"])
        #expect(try certificate((0x1e, [0, 0x61, 0, 0, 0, 0x62])).commonNames == ["a\0b"])
        #expect(names != ["laptop-1.acme.test"])
    }

    @Test("has no common name where there is no text, and still has the others")
    func invalid() throws {
        // UTF-8 cut short, an odd BMPString, a surrogate, an OCTET STRING.
        let broken: [(UInt8, [UInt8])] = [
            (Self.utf8, [0x61, 0xc3]), (0x1e, [0, 0x61, 0]), (Self.utf8, [0xed, 0xa0, 0x80]), (0x04, [0x61]),
        ]
        for (tag, value) in broken {
            guard let certificate = try? certificate((tag, value), (Self.utf8, Array("good".utf8))) else { continue }
            #expect(certificate.commonNames.last == "good")
            #expect(certificate.commonNames.count == 1, "\(tag) \(value)")
        }
    }

    @Test("is printed in UTF-8")
    func readable() throws {
        let certificate = try Certificate(der: TestPKI().leaf("Löwe 東京", issuer: nil, names: []).der)
        #expect(certificate.subject == "CN=Löwe 東京")
    }

    @Test(
        "is printed without characters that steer a terminal or hide what stands there",
        arguments: [
            "\u{1b}[2J", "a\nb", "a\rb", "\u{7f}", "a\0b", "\u{85}", "\u{9b}31m", "\u{202e}gpj", "\u{2066}", "\u{2028}",
            "\u{200b}", "\u{feff}", "\u{e0041}",
        ]
    )
    func controls(name: String) throws {
        let certificate = try certificate((Self.utf8, Array(name.utf8)))
        #expect(certificate.commonNames == [name])
        for text in [certificate.subject, certificate.issuer] {
            #expect(text.hasPrefix("CN="))
            for scalar in text.unicodeScalars {
                let category = scalar.properties.generalCategory
                let isHidden = [.control, .format, .lineSeparator, .paragraphSeparator].contains(category)
                #expect(!isHidden, "U+\(String(scalar.value, radix: 16))")
            }
        }
        // Two names that differ are not printed alike.
        #expect(
            certificate.subject != "CN="
                + name.unicodeScalars.filter { $0.isASCII && $0.value > 31 }.map(String.init).joined()
        )
    }

    @Test("cannot pass for another by its punctuation")
    func punctuation() throws {
        let certificate = try certificate((Self.utf8, Array("laptop-1,O=Acme+CN=\"x\\".utf8)))
        #expect(certificate.subject == #"CN=laptop-1\,O=Acme\+CN=\"x\\"#)
    }

    @Test("is printed no longer than 512 characters")
    func long() throws {
        let certificate = try certificate((Self.utf8, [UInt8](repeating: 0x61, count: 5000)))
        #expect(certificate.subject.count == 512)
        #expect(certificate.commonNames.first?.count == 5000)
    }
}
