internal import OpenSSLBridge
internal import PostureModel

/// A certificate of anybody's, as a database or a message brings it.
///
/// What holds: it parses or not; what parses answers every question, and the same when its bytes are parsed again; and
/// under the corporation's CAs nothing is valid but what they issued, wherever in the chain the bytes stand.
func fuzzCertificate(_ bytes: [UInt8]) {
    guard let certificate = try? Certificate(der: bytes) else { return }
    holdAnswers(of: certificate)

    if let chain = judged(certificate, over: [Corp.issuing], trusting: [Corp.root]) {
        hold(Corp.leaves.contains(chain[0].serialNumber), "a valid leaf was issued")
    }
    if let chain = judged(Corp.leaf, over: [certificate], trusting: [Corp.root]) {
        hold(Corp.authorities.contains(chain[1].serialNumber), "a valid intermediate was issued")
    }
    if let chain = judged(Corp.leaf, over: [Corp.issuing], trusting: [certificate]), chain.count > 1 {
        let keys = [Corp.root, Corp.issuing].map { try? $0.publicKey().jwk }
        hold(keys.contains(try? certificate.publicKey().jwk), "a chain ends only at a key that signed it")
    }
    hold(
        judged(Corp.leaf, over: [certificate, Corp.issuing], trusting: [Corp.root]) != nil,
        "no certificate beside it makes a good one bad"
    )
}

/// Asks a certificate everything there is to ask.
func holdAnswers(of certificate: Certificate) {
    guard let again = try? Certificate(der: certificate.der) else {
        fatalError("does not hold: what was parsed is parsed again")
    }
    hold(again.fingerprint == certificate.fingerprint, "the same bytes have the same fingerprint")
    hold(again.subject == certificate.subject, "the same bytes have the same subject")
    hold(again.issuer == certificate.issuer, "the same bytes have the same issuer")
    hold(again.serialNumber == certificate.serialNumber, "the same bytes have the same serial number")
    hold(again.commonNames == certificate.commonNames, "the same bytes have the same names")
    hold(again.extendedKeyUsages == certificate.extendedKeyUsages, "the same bytes have the same usages")
    hold(again.isCA == certificate.isCA, "the same bytes are a CA's or not")
    hold(again.isSelfIssued == certificate.isSelfIssued, "the same bytes are self-issued or not")
    hold(again.allowsDigitalSignature == certificate.allowsDigitalSignature, "the same bytes sign or not")
    hold(again.notBefore == certificate.notBefore, "the same bytes begin at the same time")
    hold(again.notAfter == certificate.notAfter, "the same bytes end at the same time")
    for time in [certificate.notBefore, certificate.notAfter].compactMap(\.self) {
        hold(!time.description.isEmpty, "a time can be written")
    }
    for text in [certificate.subject, certificate.issuer] {
        let isPlain = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7f...0x9f).contains($0.value) }
        hold(isPlain, "a name that is shown steers no terminal")
    }
    if let key = try? certificate.publicKey() {
        guard let copy = try? PublicKey(key.jwk) else { fatalError("does not hold: a key in a certificate is a JWK") }
        hold(copy.thumbprint == key.thumbprint, "a key is the same as a JWK")
    }
}
