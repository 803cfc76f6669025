/// A public key as JSON Web Key (RFC 7517, RFC 7518 §6): EC on P-256 or P-384, or RSA.
public enum JWK: Sendable, Hashable {
    /// An elliptic-curve key; `x` and `y` have the curve's length in bytes.
    case ec(curve: Curve, x: [UInt8], y: [UInt8])
    /// An RSA key: modulus and public exponent, big-endian.
    case rsa(modulus: [UInt8], exponent: [UInt8])

    /// The curves that have an algorithm here.
    public enum Curve: String, Sendable, Codable {
        case p256 = "P-256"
        case p384 = "P-384"

        /// The length of one coordinate, in bytes.
        public var coordinateLength: Int { self == .p256 ? 32 : 48 }
    }

    /// The algorithm that goes with a key of this kind; RS256 is for where PS256 cannot be had.
    public var algorithm: SignatureAlgorithm {
        switch self {
        case .ec(.p256, _, _): .es256
        case .ec(.p384, _, _): .es384
        case .rsa: .ps256
        }
    }

    /// What the thumbprint of RFC 7638 §3 is the SHA-256 of: the required members, in order, without white space.
    public var thumbprintInput: [UInt8] {
        let text =
            switch self {
            case .ec(let curve, let x, let y):
                #"{"crv":"\#(curve.rawValue)","kty":"EC","x":"\#(Base64URL.encode(x))","y":"\#(Base64URL.encode(y))"}"#
            case .rsa(let modulus, let exponent):
                #"{"e":"\#(Base64URL.encode(exponent))","kty":"RSA","n":"\#(Base64URL.encode(modulus))"}"#
            }
        return [UInt8](text.utf8)
    }
}

extension JWK: Codable {
    private enum Member: String, CodingKey { case kty, crv, x, y, n, e }

    /// Reads the wire form.
    public init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: Member.self)
        func bytes(_ member: Member) throws -> [UInt8] {
            guard let bytes = Base64URL.decode(try object.decode(String.self, forKey: member)) else {
                throw DecodingError.dataCorruptedError(forKey: member, in: object, debugDescription: "not base64url")
            }
            return bytes
        }
        // RFC 7518 §6.3.1: a number has the fewest octets that it can, so that one key has one text.
        func number(_ member: Member) throws -> [UInt8] {
            let octets = try bytes(member)
            guard octets.first ?? 0 != 0 else {
                throw DecodingError.dataCorruptedError(
                    forKey: member,
                    in: object,
                    debugDescription: "not a positive number without leading zeros"
                )
            }
            return octets
        }
        switch try object.decode(String.self, forKey: .kty) {
        case "EC":
            let curve = try object.decode(Curve.self, forKey: .crv)
            let (x, y) = (try bytes(.x), try bytes(.y))
            guard x.count == curve.coordinateLength, y.count == curve.coordinateLength else {
                throw DecodingError.dataCorruptedError(forKey: .x, in: object, debugDescription: "of another length")
            }
            self = .ec(curve: curve, x: x, y: y)
        case "RSA":
            self = .rsa(modulus: try number(.n), exponent: try number(.e))
        default:
            throw DecodingError.dataCorruptedError(forKey: .kty, in: object, debugDescription: "neither EC nor RSA")
        }
    }

    /// Writes the wire form.
    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Member.self)
        switch self {
        case .ec(let curve, let x, let y):
            try object.encode("EC", forKey: .kty)
            try object.encode(curve, forKey: .crv)
            try object.encode(Base64URL.encode(x), forKey: .x)
            try object.encode(Base64URL.encode(y), forKey: .y)
        case .rsa(let modulus, let exponent):
            try object.encode("RSA", forKey: .kty)
            try object.encode(Base64URL.encode(modulus), forKey: .n)
            try object.encode(Base64URL.encode(exponent), forKey: .e)
        }
    }
}

/// The signature algorithms of JWS that are used here (RFC 7518 §3.1).
///
/// A key's type decides which.
public enum SignatureAlgorithm: String, Sendable, Codable, CaseIterable {
    /// ECDSA on P-256 with SHA-256; the signature is r and s, 32 bytes each.
    case es256 = "ES256"
    /// ECDSA on P-384 with SHA-384; the signature is r and s, 48 bytes each.
    case es384 = "ES384"
    /// RSASSA-PSS with SHA-256, MGF1 with SHA-256, and 32 bytes of salt.
    case ps256 = "PS256"
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    case rs256 = "RS256"
}
