import Foundation
package import OpenSSLBridge

/// A CRL before it is signed: everything that stands in it may be made otherwise.
package struct ListDraft: Sendable {
    /// A certificate on the list.
    package struct Entry: Sendable {
        /// The contents of the serial number's INTEGER.
        package var serial: [UInt8]
        /// When it was revoked.
        package var date = "20300301000000Z"
        /// The entry's own extensions.
        package var extensions: [CertificateExtension] = []

        /// Puts a certificate on a list by its number.
        package init(_ serial: [UInt8]) { self.serial = serial }
    }

    /// The version as it stands there; nil for a list of version 1.
    package var version: [UInt8]? = DER.integer(1)
    /// The issuer in DER.
    package var issuer: [UInt8]
    /// When the list was made.
    package var thisUpdate = "20300501000000Z"
    /// When the next one is due.
    package var nextUpdate: String? = "20300701000000Z"
    /// What is revoked.
    package var entries: [Entry]
    /// The list's own extensions.
    package var extensions: [CertificateExtension]
    /// The P-256 key that signs.
    package var signer: PrivateKey

    func signed() throws -> [UInt8] {
        let revoked = entries.map { entry in
            let extensions = entry.extensions.isEmpty ? [] : tlv(0x30, entry.extensions.flatMap(\.der))
            return DER.sequence(tlv(0x02, entry.serial), DER.time(entry.date), extensions)
        }
        let fields = DER.sequence(
            version ?? [],
            Draft.ecdsaWithSHA256,
            issuer,
            DER.time(thisUpdate),
            nextUpdate.map(DER.time) ?? [],
            revoked.isEmpty ? [] : tlv(0x30, revoked.flatMap { $0 }),
            extensions.isEmpty ? [] : tlv(0xa0, tlv(0x30, extensions.flatMap(\.der)))
        )
        return DER.sequence(fields, Draft.ecdsaWithSHA256, DER.bits(DER.ecdsa(try signer.sign(fields))))
    }
}

extension Issued {
    /// This CA's CRL in DER, current on 1 June 2030.
    package func list(
        revoking revoked: [Issued] = [],
        change: (inout ListDraft) throws -> Void = { _ in }
    ) throws -> [UInt8] {
        var draft = ListDraft(
            issuer: subject,
            entries: revoked.map { ListDraft.Entry($0.serial) },
            extensions: [
                .authorityKeyIdentifier(Self.identifier(of: key)),
                CertificateExtension(CertificateExtension.OID.listNumber, value: DER.integer(1)),
            ],
            signer: key
        )
        try change(&draft)
        return try draft.signed()
    }
}

/// DER in PEM, as `CERTIFICATE`, `X509 CRL` or what else.
package func pem(_ label: String, _ der: [UInt8]) -> String {
    let base64 = Data(der).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
    return "-----BEGIN \(label)-----\n\(base64)\n-----END \(label)-----\n"
}
