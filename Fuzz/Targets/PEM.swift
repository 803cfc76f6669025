internal import OpenSSLBridge
internal import PostureModel

/// The text of a PEM file that a configuration names.
///
/// What holds: it is read whole or refused, and what was read is the same when it is written and read again.
func fuzzPEM(_ bytes: [UInt8]) {
    guard let certificates = try? Certificate.parse(pem: String(decoding: bytes, as: UTF8.self)) else { return }
    hold(!certificates.isEmpty, "a text without a certificate is refused")
    let text = certificates.map { certificate in
        "-----BEGIN CERTIFICATE-----\n\(lines(Base64.encode(certificate.der)))-----END CERTIFICATE-----\n"
    }
    guard let again = try? Certificate.parse(pem: text.joined()) else {
        fatalError("does not hold: what was read is read again")
    }
    hold(again.map(\.der) == certificates.map(\.der), "what was read is the same when it is read again")
}

/// Lines of 64 characters, as RFC 7468 has them.
private func lines(_ text: String) -> String {
    var (lines, rest) = ("", text[...])
    while !rest.isEmpty {
        lines += "\(rest.prefix(64))\n"
        rest = rest.dropFirst(64)
    }
    return lines
}
