import OpenSSLBridge
import PostureModel
import TestSupport
import Testing

@Suite("A CRL")
struct RevocationListTests {
    typealias OID = CertificateExtension.OID
    let root: Issued
    let der: [UInt8]

    init() throws {
        root = try .root("Corp Root")
        der = try root.list()
    }

    private func list(change: (inout ListDraft) -> Void) throws -> RevocationList {
        try #require(try RevocationList.parse(root.list(change: change)).first)
    }

    @Test("tells its issuer and its times")
    func fields() throws {
        let list = try #require(try RevocationList.parse(der).first)
        #expect(list.issuer == "CN=Corp Root")
        #expect(list.thisUpdate?.description == "2030-05-01T00:00:00Z")
        #expect(list.nextUpdate?.description == "2030-07-01T00:00:00Z")
        #expect(try self.list { $0.nextUpdate = nil }.nextUpdate == nil)
        #expect(try self.list { $0.thisUpdate = "garbage" }.thisUpdate == nil)
    }

    @Test("tells the numbers on it, as certificates tell theirs")
    func numbers() throws {
        #expect(try RevocationList.parse(der).first?.revokedSerialNumbers == [])
        let serials: [[UInt8]] = [
            [0x01], [0x00, 0x80], [0x7f, 0xff], [0xff], [0x00], [0x40] + Array(repeating: 1, count: 19),
        ]
        let numbers = try list { $0.entries = serials.map { ListDraft.Entry($0) } }.revokedSerialNumbers
        #expect(numbers == ["1", "80", "7fff", "-1", "0", "40" + String(repeating: "01", count: 19)])
        for serial in serials {
            let number = try Certificate(der: root.leaf { $0.serial = serial }.der).serialNumber
            #expect(numbers.contains(number))
        }
    }

    @Test("with ten thousand entries is read at once")
    func large() throws {
        let list = try list { draft in
            draft.entries = (0..<10_000).map { ListDraft.Entry([0x01, UInt8($0 >> 8), UInt8($0 & 0xff)]) }
        }
        #expect(list.revokedSerialNumbers.count == 10_000)
    }

    @Test("is one list of DER, or those of a PEM text in its order")
    func forms() throws {
        let other = try Issued.root("Other Root").list()
        let text = "The lists:\n\(pem("X509 CRL", der))\nand\n\(pem("X509 CRL", other))trailing words\n"
        #expect(try RevocationList.parse(Array(text.utf8)).map(\.issuer) == ["CN=Corp Root", "CN=Other Root"])
        let lines = text.replacing("\n", with: "\r\n")
        #expect(try RevocationList.parse(Array(lines.utf8)).count == 2)
        // Certificates and keys may stand in the same file.
        let mixed = try pem("CERTIFICATE", root.der) + root.key.pem() + text
        #expect(try RevocationList.parse(Array(mixed.utf8)).count == 2)
    }

    @Test("is refused as garbage, cut short, with bytes after it, or as a certificate")
    func refused() throws {
        let error = #expect(throws: PEMError.self) { try RevocationList.parse(der + [0]) }
        #expect(error?.description == "cannot be read (CRL: bytes after its end)")
        #expect(throws: PEMError.self) { try RevocationList.parse(der + der) }
        #expect(throws: PEMError.self) { try RevocationList.parse(root.der) }
        let stubs: [[UInt8]] = [
            [], [0], [0x30], [0x30, 0x00], Array("garbage".utf8), Array(pem("CERTIFICATE", root.der).utf8),
        ]
        for bytes in stubs + der.indices.map({ Array(der.prefix($0)) }) {
            #expect(throws: PEMError.self) { try RevocationList.parse(bytes) }
        }
    }

    @Test("in PEM is refused whole where one of several cannot be read")
    func broken() throws {
        let good = pem("X509 CRL", der)
        let cut = good.replacing("-----END X509 CRL-----\n", with: "")
        let altered = good.replacing("CRL-----\nMI", with: "CRL-----\nAA")
        let illegible = good.replacing("CRL-----\nMI", with: "CRL-----\n!!")
        for (flaw, text) in [("cut", cut), ("altered", altered), ("illegible", illegible)] {
            #expect(text != good, "\(flaw)")
            #expect(throws: PEMError.self, "\(flaw), at the end") {
                try RevocationList.parse(Array((good + text).utf8))
            }
            #expect(throws: PEMError.self, "\(flaw), first") { try RevocationList.parse(Array((text + good).utf8)) }
        }
    }

    @Test("is signed by the key of its issuer, and by no other")
    func signature() throws {
        let list = try #require(try RevocationList.parse(der).first)
        #expect(try list.isSigned(by: Certificate(der: root.der)))
        #expect(try !list.isSigned(by: Certificate(der: Issued.root("Corp Root").der)))
        #expect(try !list.isSigned(by: Certificate(der: Issued.root("Other Root", key: root.key).der)))
        let spoilt = try RevocationList.parse(der.dropLast() + [der[der.count - 1] ^ 1]).first
        #expect(try spoilt?.isSigned(by: Certificate(der: root.der)) == false)
    }

    @Test("is complete unless it is a delta, or of some certificates only")
    func complete() throws {
        #expect(try RevocationList.parse(der).first?.isComplete == true)
        let delta = CertificateExtension(OID.deltaIndicator, isCritical: true, value: DER.integer(1))
        let part = CertificateExtension(
            OID.issuingDistributionPoint,
            isCritical: true,
            value: [0x30, 0x03, 0x81, 0x01, 0xff]
        )
        for other in [delta, part] { #expect(try !list { $0.extensions.append(other) }.isComplete) }
    }

    @Test("conforms to RFC 5280 with version 2, a next update and a number")
    func conforming() throws {
        #expect(try RevocationList.parse(der).first?.isConforming == true)
        #expect(try !list { $0.nextUpdate = nil }.isConforming)
        #expect(try !list { $0.extensions.removeAll { $0.oid == OID.listNumber } }.isConforming)
        #expect(try !list { ($0.version, $0.extensions) = (nil, []) }.isConforming)
        #expect(try !list { $0.version = nil }.isConforming)
    }

    @Test("answers every question, or is refused, whichever byte of it is another")
    func torture() throws {
        let certificate = try Certificate(der: root.der)
        let der = try root.list(revoking: [root.leaf()])
        for index in der.indices {
            for value in [der[index] ^ 0x01, der[index] ^ 0x80, 0x00, 0xff] as [UInt8] {
                var bytes = der
                bytes[index] = value
                guard let list = try? RevocationList.parse(bytes).first else { continue }
                _ = (list.issuer, list.thisUpdate, list.nextUpdate, list.revokedSerialNumbers)
                _ = (list.isComplete, list.isConforming, list.isSigned(by: certificate))
            }
        }
    }
}
