import Foundation
import NSSBridge
import PostureModel
import TestSupport
import Testing

/// What a certificate's own words are, asked from `openssl x509`.
struct ParsedNames {
    private var known: [[UInt8]: (subject: [UInt8], emails: [String])] = [:]

    init(_ certificates: [NSSCertificate]) throws {
        let directory = try TemporaryDirectory("names")
        for certificate in certificates where known[certificate.der] == nil {
            let file = try directory.write(certificate.der, to: "der")
            func ask(_ what: String) throws -> ToolOutput {
                try runTool("openssl", ["x509", "-inform", "DER", "-in", file, "-noout", what])
            }
            let emails = try ask("-email").text.split(separator: "\n").map(String.init)
            known[certificate.der] = (try ask("-subject").bytes, emails)
        }
    }

    func callAsFunction(_ certificate: NSSCertificate) -> (subject: [UInt8], emails: [String])? {
        known[certificate.der]
    }
}

/// Holds a listing against certutil's: the certificates under each nickname, and where there are keys.
func expectEqualsCertutil(
    _ certificates: [NSSCertificate],
    in database: NSSTestDatabase,
    token: SoftToken? = nil,
    location: SourceLocation = #_sourceLocation
) throws {
    let names = try ParsedNames(certificates)
    let ours = certificates.filter { token.map(\.name) == ($0.isInDatabase ? nil : $0.token) }
    let listing = try database.listing(token: token)
    #expect(ours.count == listing.count, sourceLocation: location)
    let shown = ours.map { certificate in
        let nickname = certificate.nickname ?? "(NULL)"
        return certificate.isInDatabase && !nickname.contains(":") ? nickname : "\(certificate.token):\(nickname)"
    }
    #expect(shown.sorted() == listing.map(\.nickname).sorted(), sourceLocation: location)
    for nickname in Set(shown) {
        let flags = listing.filter { $0.nickname == nickname }.map(\.trust).sorted()
        let trust = zip(shown, ours).filter { $0.0 == nickname }.map(\.1.trust.description).sorted()
        #expect(trust == flags, "\(nickname)", sourceLocation: location)
        let keys = zip(shown, ours).filter { $0.0 == nickname && $0.1.privateKey == .present }.count
        #expect(keys == flags.filter { $0.contains("u") }.count, "\(nickname)", sourceLocation: location)
        guard nickname != "(NULL)" else { continue }
        let found = certificates.named(nickname, details: names.callAsFunction).map(\.der)
        let theirs = try database.ders(nickname: nickname, token: token)
        #expect(Set(found) == Set(theirs), "\(nickname)", sourceLocation: location)
    }
    let ids = Set(ours.filter { $0.privateKey == .present }.map(\.id))
    let lines = try database.keys(token: token).split(separator: "\n").filter { $0.hasPrefix("<") }
    #expect(ids.count == lines.count, sourceLocation: location)
}
