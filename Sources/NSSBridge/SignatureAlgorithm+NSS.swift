internal import CNSS
internal import PostureModel

/// The algorithms of JWS as NSS knows them.
///
/// - SeeAlso: <https://www.rfc-editor.org/rfc/rfc7518#section-3.1>
extension SignatureAlgorithm {
    var mechanism: CK_MECHANISM_TYPE {
        switch self {
        // Tokens differ in whether they hash themselves; all of them sign a digest.
        case .es256, .es384: CK_MECHANISM_TYPE(CKM_ECDSA)
        case .ps256: CK_MECHANISM_TYPE(CKM_RSA_PKCS_PSS)
        case .rs256: CK_MECHANISM_TYPE(CKM_RSA_PKCS)
        }
    }

    var hash: (tag: SECOidTag, length: Int) {
        self == .es384 ? (SEC_OID_SHA384, 48) : (SEC_OID_SHA256, 32)
    }

    /// The DER of the curve's name, or nil for RSA.
    var curve: [UInt8]? {
        switch self {
        case .es256: [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]
        case .es384: [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22]
        case .ps256, .rs256: nil
        }
    }

    /// The bytes that stand before the digest in what is signed.
    ///
    /// - SeeAlso: <https://www.rfc-editor.org/rfc/rfc8017#section-9.2>
    var digestPrefix: [UInt8] {
        guard self == .rs256 else { return [] }
        return [
            0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04,
            0x20,
        ]
    }
}
