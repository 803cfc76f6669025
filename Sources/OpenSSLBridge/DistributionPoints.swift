internal import COpenSSL

/// Which certificates of its issuer a CRL speaks of (RFC 5280 §5.2.5); all of them where it has no such extension.
package struct ListScope: Sendable, Equatable {
    /// The names of its distribution point; empty where it has none.
    package var points: [String] = []
    /// Whether it speaks of certificates of end entities only.
    package var isOfEndEntitiesOnly = false
    /// Whether it speaks of certificates of CAs only.
    package var isOfCAsOnly = false
    /// Whether it speaks of attribute certificates only.
    package var isOfAttributesOnly = false
    /// Whether it speaks of some reasons for a revocation only.
    package var isOfSomeReasons = false
    /// Whether it speaks of other issuers' certificates too.
    package var isIndirect = false
}

extension RevocationList {
    /// Which certificates the list speaks of; nil where that cannot be read.
    package var scope: ListScope? {
        var critical: CInt = 0
        guard let point = unsafe COpenSSL_issuing_point(crl, &critical) else {
            return critical == -1 ? ListScope() : nil
        }
        defer { unsafe COpenSSL_issuing_point_free(point) }
        return unsafe ListScope(
            points: texts(of: point.pointee.distpoint),
            isOfEndEntitiesOnly: point.pointee.onlyuser > 0,
            isOfCAsOnly: point.pointee.onlyCA > 0,
            isOfAttributesOnly: point.pointee.onlyattr > 0,
            isOfSomeReasons: point.pointee.onlysomereasons != nil,
            isIndirect: point.pointee.indirectCRL > 0
        )
    }

    /// Whether the list is of the CA with this certificate, by name; says nothing of who signed it.
    package func names(issuer: Certificate) -> Bool {
        unsafe X509_NAME_cmp(X509_CRL_get_issuer(crl), X509_get_subject_name(issuer.x509)) == 0
    }

    /// Whether the list says what changed since another one, and no more (RFC 5280 §5.2.4).
    package var isDelta: Bool { unsafe X509_CRL_get_ext_by_NID(crl, NID_delta_crl, -1) >= 0 }
}

extension Certificate {
    /// The names of the distribution points where the certificate's CRL is to be had (RFC 5280 §4.2.1.13).
    package var distributionPoints: [String] {
        var critical: CInt = 0
        guard let points = unsafe COpenSSL_distribution_points(x509, &critical) else { return [] }
        defer { unsafe COpenSSL_distribution_points_free(points) }
        return (0..<(unsafe COpenSSL_distribution_points_count(points))).flatMap { index in
            unsafe texts(of: COpenSSL_distribution_points_at(points, index).pointee.distpoint)
        }
    }
}

/// The names of a distribution point as text: URIs, and names of a directory in the form of RFC 2253.
private func texts(of point: UnsafePointer<DIST_POINT_NAME>?) -> [String] {
    guard let names = unsafe COpenSSL_point_names(point) else { return [] }
    return (0..<(unsafe COpenSSL_general_names_count(names))).compactMap { index in
        let name = unsafe COpenSSL_general_names_at(names, index)
        if let directory = unsafe COpenSSL_general_name_directory(name) { return unsafe nameText(directory) }
        guard let octets = unsafe bytes(of: COpenSSL_general_name_string(name)) else { return nil }
        return String(String(decoding: octets, as: UTF8.self).escapingHidden().prefix(512))
    }
}
