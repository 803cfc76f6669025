/// An extension of a certificate or of a CRL, as it will stand there.
package struct CertificateExtension: Sendable {
    /// The dotted OID.
    package let oid: String
    /// Whether it is critical.
    package var isCritical: Bool
    /// The contents of the OCTET STRING.
    package var value: [UInt8]

    /// Makes an extension of any bytes.
    package init(_ oid: String, isCritical: Bool = false, value: [UInt8]) {
        self.oid = oid
        self.isCritical = isCritical
        self.value = value
    }

    /// The extension in DER.
    package var der: [UInt8] { DER.sequence(DER.oid(oid), isCritical ? DER.yes : [], tlv(0x04, value)) }

    /// OIDs, by the sections of RFC 5280.
    package enum OID {
        /// §4.2.1.2.
        package static let subjectKeyIdentifier = "2.5.29.14"
        /// §4.2.1.3.
        package static let keyUsage = "2.5.29.15"
        /// §4.2.1.6, of the subject.
        package static let alternativeNames = "2.5.29.17"
        /// §4.2.1.9.
        package static let basicConstraints = "2.5.29.19"
        /// §5.2.3.
        package static let listNumber = "2.5.29.20"
        /// §5.2.4.
        package static let deltaIndicator = "2.5.29.27"
        /// §5.2.5.
        package static let issuingDistributionPoint = "2.5.29.28"
        /// §4.2.1.4.
        package static let policies = "2.5.29.32"
        /// §4.2.1.5.
        package static let policyMappings = "2.5.29.33"
        /// §4.2.1.11.
        package static let policyConstraints = "2.5.29.36"
        /// §4.2.1.14.
        package static let inhibitAnyPolicy = "2.5.29.54"
        /// §4.2.1.10.
        package static let nameConstraints = "2.5.29.30"
        /// §4.2.1.1.
        package static let authorityKeyIdentifier = "2.5.29.35"
        /// §4.2.1.12.
        package static let extendedKeyUsage = "2.5.29.37"
        /// One that nobody knows.
        package static let unknown = "1.3.6.1.4.1.55738.666.1"
    }

    /// The bits of a key usage, as RFC 5280 §4.2.1.3 numbers them.
    package enum Usage: Int, Sendable {
        case digitalSignature = 0
        case keyAgreement = 4
        case keyCertSign = 5
        case cRLSign = 6
    }

    /// Whether the key is a CA's, and how many CAs may follow.
    package static func basicConstraints(
        isCA: Bool,
        pathLength: Int? = nil,
        isCritical: Bool = true
    ) -> CertificateExtension {
        let value = DER.sequence(isCA ? DER.yes : [], pathLength.map(DER.integer) ?? [])
        return CertificateExtension(OID.basicConstraints, isCritical: isCritical, value: value)
    }

    /// Those bits, and no others.
    package static func keyUsage(_ usages: Usage..., isCritical: Bool = true) -> CertificateExtension {
        let bits = usages.reduce(UInt8(0)) { $0 | 0x80 >> UInt8($1.rawValue) }
        let value = bits == 0 ? [0x03, 0x01, 0x00] : tlv(0x03, [UInt8(bits.trailingZeroBitCount), bits])
        return CertificateExtension(OID.keyUsage, isCritical: isCritical, value: value)
    }

    /// Usages by their dotted OIDs.
    package static func extendedKeyUsage(_ oids: String..., isCritical: Bool = false) -> CertificateExtension {
        let value = tlv(0x30, oids.flatMap(DER.oid))
        return CertificateExtension(OID.extendedKeyUsage, isCritical: isCritical, value: value)
    }

    /// Names in this order.
    package static func alternativeNames(_ names: [NameForm], isCritical: Bool = false) -> CertificateExtension {
        CertificateExtension(OID.alternativeNames, isCritical: isCritical, value: tlv(0x30, names.flatMap(\.der)))
    }

    /// `minimum` stands in every subtree, where it is given.
    package static func nameConstraints(
        permitted: [NameForm]? = nil,
        excluded: [NameForm]? = nil,
        minimum: Int? = nil,
        isCritical: Bool = true
    ) -> CertificateExtension {
        func list(_ tag: UInt8, _ bases: [NameForm]?) -> [UInt8] {
            guard let bases else { return [] }
            let minimum = minimum.map { number in [0x80] + DER.integer(number).dropFirst() } ?? []
            return tlv(tag, bases.flatMap { DER.sequence($0.der, minimum) })
        }
        let value = DER.sequence(list(0xa0, permitted), list(0xa1, excluded))
        return CertificateExtension(OID.nameConstraints, isCritical: isCritical, value: value)
    }

    /// Certificate policies by their dotted OIDs, each with one qualifier of this kind and a text, where there is one.
    package static func policies(
        _ oids: [String],
        qualifier: String? = nil,
        isCritical: Bool = false
    ) -> CertificateExtension {
        let qualifiers = qualifier.map { kind in
            DER.sequence(DER.sequence(DER.oid(kind), tlv(0x16, Array("https://acme.test/".utf8))))
        }
        let value = tlv(0x30, oids.flatMap { DER.sequence(DER.oid($0), qualifiers ?? []) })
        return CertificateExtension(OID.policies, isCritical: isCritical, value: value)
    }

    /// Policies of the issuer's, each with the subject's that it stands for.
    package static func policyMappings(_ pairs: [(String, String)]) -> CertificateExtension {
        let value = tlv(0x30, pairs.flatMap { DER.sequence(DER.oid($0.0), DER.oid($0.1)) })
        return CertificateExtension(OID.policyMappings, isCritical: true, value: value)
    }

    /// After how many certificates an explicit policy is required.
    package static func policyConstraints(requireExplicitPolicy skip: Int) -> CertificateExtension {
        let value = DER.sequence([0x80] + DER.integer(skip).dropFirst())
        return CertificateExtension(OID.policyConstraints, isCritical: true, value: value)
    }

    /// After how many certificates anyPolicy stands for no policy.
    package static func inhibitAnyPolicy(after skip: Int) -> CertificateExtension {
        CertificateExtension(OID.inhibitAnyPolicy, isCritical: true, value: DER.integer(skip))
    }

    /// The identifier of the certificate's own key.
    package static func subjectKeyIdentifier(_ identifier: [UInt8]) -> CertificateExtension {
        CertificateExtension(OID.subjectKeyIdentifier, value: tlv(0x04, identifier))
    }

    /// The identifier of the issuer's key.
    package static func authorityKeyIdentifier(_ identifier: [UInt8]) -> CertificateExtension {
        CertificateExtension(OID.authorityKeyIdentifier, value: DER.sequence(tlv(0x80, identifier)))
    }
}

/// A general name (RFC 5280 §4.2.1.6) of any text or octets.
package enum NameForm: Sendable {
    case dns(String)
    case email(String)
    case uri(String)
    case ip([UInt8])
    /// A directory name of one common name.
    case directory(String)
    /// An `otherName` of a type that nobody knows, with a text.
    case other(String)

    var der: [UInt8] {
        switch self {
        case .email(let text): tlv(0x81, Array(text.utf8))
        case .dns(let text): tlv(0x82, Array(text.utf8))
        case .uri(let text): tlv(0x86, Array(text.utf8))
        case .ip(let octets): tlv(0x87, octets)
        case .directory(let commonName): tlv(0xa4, DER.name(commonName))
        case .other(let text): tlv(0xa0, DER.oid("1.2.3.4") + tlv(0xa0, tlv(0x0c, Array(text.utf8))))
        }
    }
}
