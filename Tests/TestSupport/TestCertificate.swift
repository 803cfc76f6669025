/// A certificate of a ``TestPKI`` with its private key, as values and as files.
package struct TestCertificate: Sendable {
    /// The certificate in DER.
    package let der: [UInt8]
    /// The certificate in PEM.
    package let pem: String
    /// The private key in PEM (PKCS #8, not encrypted).
    package let keyPEM: String
    /// The file that holds ``pem``; it lives as long as this value or its ``TestPKI`` does.
    package let certificatePath: String
    /// The file that holds ``keyPEM``.
    package let keyPath: String

    /// Keeps the files.
    let directory: TemporaryDirectory
}

extension TestPKI {
    /// The type and size of a key.
    package enum Key: Sendable {
        case p256, p384
        /// RSA with this many bits.
        case rsa(Int)
        /// The key of another certificate: a renewal.
        case of(TestCertificate)
    }

    /// The time in which a certificate is valid.
    package enum Validity: Sendable {
        /// From now on for 30 days.
        case current
        /// From now on for this many days.
        case days(Int)
        /// From 2020 to 2021.
        case expired
        /// From 2090 to 2091.
        case notYetValid
        /// From one time to another, as `YYYYMMDDHHMMSSZ`.
        case between(String, String)

        /// From 2026 to 2036: a test's own clock stands in 2027.
        package static let years = Validity.between("20260101000000Z", "20360101000000Z")

        /// The beginning and the end, where they are not counted from now on.
        var dates: (String, String)? {
            switch self {
            case .current, .days: nil
            case .expired: ("20200101000000Z", "20210101000000Z")
            case .notYetValid: ("20900101000000Z", "20910101000000Z")
            case .between(let start, let end): (start, end)
            }
        }

        var days: Int {
            if case .days(let days) = self { days } else { 30 }
        }
    }
}
