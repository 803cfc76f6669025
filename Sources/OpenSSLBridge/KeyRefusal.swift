internal import COpenSSL

/// Why a public key is not one of those that are used here.
///
/// One set of keys is allowed for every use: for leaves and CAs, trusted ones too, for devices, JWK sets and the signers
/// of CRLs. It has the EC keys on P-256 and P-384, and the RSA keys of 2048 to 8192 bits whose public exponent is odd and
/// from 3 to 2^32 - 1. A key is looked at before anything is verified with it.
package enum KeyRefusal: Error, Sendable, Equatable, CustomStringConvertible {
    /// The key is missing, or OpenSSL cannot read it.
    case unreadable
    /// The key is neither EC nor RSA.
    case kind
    /// The EC key is on a curve other than P-256 and P-384.
    case curve
    /// The EC key spells out its curve instead of naming it (RFC 5480 §2.1.1).
    case explicitCurve
    /// The EC key has no coordinates: it is the point at infinity.
    case pointAtInfinity
    /// The modulus has fewer than 2048 bits.
    case modulusTooShort
    /// The modulus has more than 8192 bits.
    case modulusTooLong
    /// The modulus is even, so it is no product of two odd primes.
    case evenModulus
    /// The public exponent is even or below 3 (RFC 8017 §3.1): everybody can make signatures for 1, and nobody for 2.
    case unfitExponent
    /// The public exponent is longer than 32 bits.
    case exponentTooLong
    /// The RSA key is not encoded in DER.
    case encoding

    /// The sizes that RSA keys have, in bits.
    static let modulusBits = 2048...8192
    /// The most bits of a public exponent; the cost of a verification grows with them.
    ///
    /// Go takes 31, BoringSSL 33, and Windows makes keys with up to 32.
    static let exponentBits = 32

    /// What is wrong with the key, as the end of a sentence.
    package var description: String {
        switch self {
        case .unreadable: "it cannot be read"
        case .kind: "it is neither an RSA key nor an EC key"
        case .curve: "it is on neither P-256 nor P-384"
        case .explicitCurve: "it spells out its curve instead of naming it"
        case .pointAtInfinity: "it is the point at infinity"
        case .modulusTooShort: "its modulus has fewer than 2048 bits"
        case .modulusTooLong: "its modulus has more than 8192 bits"
        case .evenModulus: "its modulus is even"
        case .unfitExponent: "its public exponent is even or below 3"
        case .exponentTooLong: "its public exponent is longer than 32 bits"
        case .encoding: "it is not encoded in DER"
        }
    }

    /// Looks at a key; nil if it is allowed.
    init?(_ key: OpaquePointer?) {
        guard let key = unsafe key else {
            self = .unreadable
            return
        }
        switch unsafe EVP_PKEY_get_base_id(key) {
        case EVP_PKEY_EC:
            guard let refusal = unsafe Self.refusal(ofEC: key) else { return nil }
            self = refusal
        case EVP_PKEY_RSA:
            guard let refusal = unsafe Self.refusal(ofRSA: key) else { return nil }
            self = refusal
        default: self = .kind
        }
    }

    private static func refusal(ofEC key: OpaquePointer) -> KeyRefusal? {
        var isExplicit: CInt = 0
        if unsafe EVP_PKEY_get_int_param(key, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS, &isExplicit) == 1,
            isExplicit != 0
        {
            return .explicitCurve
        }
        guard unsafe namedCurve(of: key) != nil else { return .curve }
        guard unsafe number("qx", of: key) != nil, unsafe number("qy", of: key) != nil else { return .pointAtInfinity }
        return nil
    }

    private static func refusal(ofRSA key: OpaquePointer) -> KeyRefusal? {
        let bits = Int(unsafe EVP_PKEY_get_bits(key))
        if bits < modulusBits.lowerBound { return .modulusTooShort }
        if bits > modulusBits.upperBound { return .modulusTooLong }
        guard let modulus = unsafe number("n", of: key), let exponent = unsafe number("e", of: key) else {
            return .unreadable
        }
        guard let last = modulus.last, last & 1 == 1 else { return .evenModulus }
        if exponent.count * 8 > exponentBits { return .exponentTooLong }
        guard let end = exponent.last, end & 1 == 1, exponent != [1] else { return .unfitExponent }
        return nil
    }
}
