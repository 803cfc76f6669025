internal import OpenSSLBridge
package import PostureModel

/// Why it is not known whether a certificate was revoked.
package enum RevocationGap: Sendable, Equatable {
    /// The files of CRLs cannot be read.
    case unreadable
    /// There is no CRL of the certificate's issuer; there are those of others, perhaps.
    case noList(others: [String])
    /// The newest CRL should have been replaced at this moment.
    case expired(nextUpdate: Timestamp?)
    /// The CRL is for a time from this moment on.
    case notYetValid(thisUpdate: Timestamp?)
    /// The CRL has the issuer's name, and no signature of the issuer.
    case badSignature
    /// The certificate of the CRL's signer does not permit to sign CRLs.
    case signerNotPermitted
    /// The CRL's signer is not certified by the trusted CA.
    case signerUntrusted
    /// The CRL lacks what RFC 5280 demands of one.
    case nonconforming(ListFlaw)
    /// The CRL has a critical extension that is not known here.
    case criticalExtension
    /// The CRL is for one distribution point, and the certificate names others, or none.
    case otherPoint(ofList: [String], ofCertificate: [String])
    /// The CRL is for certificates of end entities, and this is a CA's.
    case endEntitiesOnly
    /// The CRL is for certificates of CAs, and this is none.
    case authoritiesOnly
    /// The CRL is for attribute certificates.
    case attributesOnly
    /// The CRL is for some of the reasons that there are to revoke a certificate.
    case someReasons
    /// The CRL is a delta, and the one that it belongs to is missing.
    case deltaOnly
    /// The CRL is for other certificates, for a reason that is not told apart here.
    case otherScope

    /// What a CRL lacks.
    package enum ListFlaw: Sendable, Equatable, CaseIterable {
        case version, nextUpdate, number, weakSignature
    }
}

extension RevocationGap {
    /// What is missing for a certificate, by what OpenSSL objected to and by the lists that were given.
    ///
    /// OpenSSL sees none of the lists that its rules, or ours, leave out: those are looked at here.
    init(
        _ objection: ChainFailure.RevocationObjection,
        of certificate: Certificate,
        issuer: Certificate,
        lists: [RevocationList],
        signers: [Certificate],
        isStrict: Bool
    ) {
        let named = lists.filter { $0.names(issuer: issuer) }
        let signed = named.filter { list in ([issuer] + signers).contains(where: list.isSigned(by:)) }
        let usable = signed.filter { !isStrict || $0.isConforming }
        // Of several the newest is the one that should be renewed.
        let newest = usable.max { ($0.thisUpdate?.microseconds ?? .min) < ($1.thisUpdate?.microseconds ?? .min) }
        switch objection {
        case .expired: self = .expired(nextUpdate: newest?.nextUpdate)
        case .notYetValid: self = .notYetValid(thisUpdate: newest?.thisUpdate)
        case .badSignature: self = .badSignature
        case .signerNotPermitted: self = .signerNotPermitted
        case .signerUntrusted: self = .signerUntrusted
        case .criticalExtension: self = .criticalExtension
        case .noList, .otherScope:
            if let newest {
                let scopes = usable.map { Self(scopeOf: $0, for: certificate) }
                self = scopes.first { $0 != .deltaOnly } ?? Self(scopeOf: newest, for: certificate)
            } else if let flaw = signed.compactMap(\.flaw).first {
                self = .nonconforming(ListFlaw(flaw))
            } else if !named.isEmpty {
                self = .badSignature
            } else {
                self = .noList(others: Set(lists.map(\.issuer)).sorted())
            }
            if named.contains(where: { $0.isSigned(by: issuer) }), issuer.keyUsage?.contains(.cRLSign) == false {
                self = .signerNotPermitted
            }
        }
    }

    /// Why a list that is good does not speak of a certificate of its issuer.
    private init(scopeOf list: RevocationList, for certificate: Certificate) {
        let points = certificate.distributionPoints
        guard let scope = list.scope else {
            self = .otherScope
            return
        }
        if list.isDelta {
            self = .deltaOnly
        } else if scope.isOfAttributesOnly {
            self = .attributesOnly
        } else if scope.isOfEndEntitiesOnly, certificate.isCA {
            self = .endEntitiesOnly
        } else if scope.isOfCAsOnly, !certificate.isCA {
            self = .authoritiesOnly
        } else if !scope.points.isEmpty, Set(scope.points).isDisjoint(with: points) {
            self = .otherPoint(ofList: scope.points, ofCertificate: points)
        } else {
            self = scope.isOfSomeReasons ? .someReasons : .otherScope
        }
    }
}

extension RevocationGap.ListFlaw {
    fileprivate init(_ flaw: RevocationList.Flaw) {
        self =
            switch flaw {
            case .version: .version
            case .nextUpdate: .nextUpdate
            case .number: .number
            case .weakSignature: .weakSignature
            }
    }
}

extension CertificateProblem {
    /// That nobody can say whether a certificate was revoked, why, and what to do about that.
    static func revocationUnknown(
        of which: String,
        _ gap: RevocationGap,
        issuer: String
    ) -> CertificateProblem {
        CertificateProblem(
            .revocationUnknown,
            "it is not known whether \(which) was revoked: \(gap.words(issuer: issuer))",
            gap: gap
        )
    }
}

extension RevocationGap {
    /// What is wrong and what to do, for a certificate of `issuer`.
    fileprivate func words(issuer: String) -> String {
        let list = "the CRL of \(issuer)"
        switch self {
        case .unreadable: return "the CRLs cannot be read"
        case .noList(let others):
            let given = others.isEmpty ? "" : " (those given are of \(Self.names(others)))"
            return "there is no CRL of its issuer\(given): provide a CRL of \(issuer)"
        case .expired(let nextUpdate):
            let since = nextUpdate.map { ": its next update was due at \($0)" } ?? ""
            return "\(list) has expired\(since): fetch a CRL of \(issuer) that is newer, and more often"
        case .notYetValid(let thisUpdate):
            let from = thisUpdate.map { ": it is of \($0)" } ?? ""
            return "\(list) is not yet valid\(from): wait, or set the clock right, which may be that of the CA; "
                + "until then provide a CRL of \(issuer) that is valid now"
        case .badSignature:
            return "\(list) has no signature by its key: another CA of the same name made it, or it was altered; "
                + "provide a CRL of \(issuer) that this CA signed"
        case .signerNotPermitted:
            return "\(list) was signed by a CA whose key usage has no cRLSign: issue the CA's certificate with it, "
                + "or provide a CRL of \(issuer) by a signer that has it"
        case .signerUntrusted:
            return "the signer of \(list) is not certified by the trusted CA: provide a CRL of \(issuer) by one that is"
        case .nonconforming(let flaw):
            return "\(list) \(flaw.words): have the CA issue a CRL of \(issuer) that conforms to RFC 5280"
        case .criticalExtension:
            return
                "\(list) has a critical extension that is not known here: have the CA issue a CRL of \(issuer) without it"
        case .otherPoint(let points, let own):
            let has = own.isEmpty ? "no distribution point" : "another (\(Self.names(own)))"
            return
                "\(list) is only for certificates that name its distribution point \(Self.names(points)), and this one "
                + "names \(has): issue certificates with crlDistributionPoints \(Self.names(points)), or provide a CRL of "
                + "\(issuer) for all of its certificates"
        case .endEntitiesOnly:
            return
                "\(list) is for end entities only, and this is a CA's certificate: provide a CRL of \(issuer) for CAs too"
        case .authoritiesOnly:
            return "\(list) is for CAs only: provide a CRL of \(issuer) for other certificates too"
        case .attributesOnly:
            return "\(list) is for attribute certificates only: provide a CRL of \(issuer) for other certificates"
        case .someReasons:
            return
                "\(list) is for some reasons of a revocation only: provide a CRL of \(issuer) for all reasons, or those "
                + "for the others too"
        case .deltaOnly:
            return "\(list) is a delta, which says what changed: provide a CRL of \(issuer) that is complete beside it"
        case .otherScope:
            return "\(list) is for other certificates (its scope is another): provide a CRL of \(issuer) for this one"
        }
    }

    private static func names(_ names: [String]) -> String {
        names.prefix(3).joined(separator: ", ") + (names.count > 3 ? " and others" : "")
    }
}

extension RevocationGap.ListFlaw {
    fileprivate var words: String {
        switch self {
        case .version: "is not of version 2"
        case .nextUpdate: "does not say when the next one is due"
        case .number: "has no CRL number"
        case .weakSignature: "is signed over SHA-1 or MD5"
        }
    }
}
