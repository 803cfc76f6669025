import Foundation
import OpenSSLBridge
import PostureModel
import TestSupport
import Verification

/// NIST's Public Key Interoperability Test Suite, which `scripts/fetch-pkits` fetches.
enum PKITS {
    /// Where it is.
    static let directory = URL(filePath: #filePath).appending(path: "../../../.build-pkits").standardized.path

    /// A moment at which all of it is valid that is meant to be.
    static let time = Timestamp(seconds: 1_590_969_600)  // 2020-06-01T00:00:00Z

    /// The end entities, such as `ValidCertificatePathTest1`; empty if the suite is not there.
    static let cases: [String] = names(in: "certs").filter { $0.contains(/Test[0-9]+EE\.crt$/) }.map {
        String($0.dropLast(6))
    }
    .sorted()

    /// The names of the files of a folder.
    static func names(in folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: "\(directory)/\(folder)")) ?? []
    }

    static func certificate(_ name: String) throws -> Certificate {
        try Certificate(der: contents(of: "\(directory)/certs/\(name).crt"))
    }

    /// Judges every case with all certificates of CAs for intermediates, and with all CRLs or none.
    static func judge(lists: [RevocationList]) throws -> CertificateJudge {
        let anchor = "TrustAnchorRootCertificate"
        let others = names(in: "certs").filter { !$0.contains(/Test[0-9]+EE\.crt$/) && $0 != "\(anchor).crt" }
        let requirements = CertificateRequirements(
            trusted: [try certificate(anchor)],
            intermediates: try others.sorted().map { try certificate(String($0.dropLast(4))) },
            revocation: Revocation(lists: lists, failureMode: .hard),
            extendedKeyUsages: [],
            allowsCA: true
        )
        return CertificateJudge(requirements, names: .any, at: time)
    }

    static func lists() throws -> [RevocationList] {
        try names(in: "crls").sorted().flatMap { name in
            try RevocationList.parse(contents(of: "\(directory)/crls/\(name)"))
        }
    }

    /// Which are about certificate policies (§4.8 to §4.12).
    static func isAboutPolicies(_ name: String) -> Bool { name.contains(/Polic|policy|Qualifier/) }

    /// Whether a path is valid with the suite's default settings: any policy will do, and nothing is inhibited.
    static func isValid(_ name: String) -> Bool { name.hasPrefix("Valid") || validForAnyPolicy.contains(name) }

    /// Those of §4.8 and §4.12 whose names do not say what they are with the default settings.
    static let validForAnyPolicy: Set = [
        "AllCertificatesNoPoliciesTest2", "DifferentPoliciesTest3", "OverlappingPoliciesTest6",
        "AllCertificatesSamePoliciesTest10", "AllCertificatesanyPolicyTest11", "AllCertificatesSamePoliciesTest13",
        "AnyPolicyTest14", "UserNoticeQualifierTest15", "UserNoticeQualifierTest16", "UserNoticeQualifierTest17",
        "UserNoticeQualifierTest18", "UserNoticeQualifierTest19", "CPSPointerQualifierTest20", "inhibitAnyPolicyTest3",
    ]

    /// The thirteen runs of the suite that call a path invalid with other settings than the default ones.
    ///
    /// Such settings cannot be configured here: a certificate check asks for no policy. With the default settings each of
    /// these paths is valid, and is accepted.
    static let invalidWithOtherSettings: [String: String] = [
        "4.8.1.3": "ValidCertificatePathTest1",  // explicit policy required, NIST-test-policy-2 asked for
        "4.8.2.2": "AllCertificatesNoPoliciesTest2",  // explicit policy required
        "4.8.3.2": "DifferentPoliciesTest3",  // explicit policy required
        "4.8.3.3": "DifferentPoliciesTest3",  // the same, NIST-test-policy-1 and -2 asked for
        "4.8.6.3": "OverlappingPoliciesTest6",  // NIST-test-policy-2 asked for
        "4.8.14.2": "AnyPolicyTest14",  // NIST-test-policy-2 asked for
        "4.10.1.2": "ValidPolicyMappingTest1",  // NIST-test-policy-2 asked for
        "4.10.1.3": "ValidPolicyMappingTest1",  // mapping inhibited
        "4.10.3.1": "ValidPolicyMappingTest3",  // NIST-test-policy-1 asked for
        "4.10.5.2": "ValidPolicyMappingTest5",  // NIST-test-policy-6 asked for
        "4.10.6.2": "ValidPolicyMappingTest6",  // NIST-test-policy-6 asked for
        "4.10.13.3": "ValidPolicyMappingTest13",  // NIST-test-policy-2 asked for
        "4.12.3.2": "inhibitAnyPolicyTest3",  // anyPolicy inhibited
    ]

    /// Which are invalid by a CRL, or for want of one (§4.4, §4.14, §4.15, and what other sections have of it).
    static func isAboutRevocation(_ name: String) -> Bool {
        name.contains(
            /CRL|cRL|Revoked|SerialNumber|distributionPoint|onlyContains|onlySomeReasons|SelfIssued(New|Old)With/
        )
    }

    /// Why some are invalid, where there is one reason that can be given.
    static func reason(_ name: String) -> CertificateProblem.Code? {
        let reasons: [(part: String, code: CertificateProblem.Code)] = [
            ("notBeforeDate", .notYetValid), ("notAfterDate", .expired), ("nameConstraints", .nameNotPermitted),
            ("pathLenConstraint", .pathLength), ("cAFalse", .unsuitable), ("keyCertSignFalse", .unsuitable),
            ("MissingbasicConstraints", .unsuitable), ("CriticalCertificateExtension", .unsuitable),
            ("CASignature", .badSignature), ("EESignature", .badSignature), ("Revoked", .revoked),
            ("SerialNumber", .revoked), ("MissingCRL", .revocationUnknown), ("CRLnextUpdate", .revocationUnknown),
            ("BadCRL", .revocationUnknown), ("WrongCRL", .revocationUnknown), ("cRLSignFalse", .revocationUnknown),
        ]
        return reasons.first { name.contains($0.part) }?.code ?? (isAboutPolicies(name) ? .policyNotPermitted : nil)
    }

    /// What is called valid and is refused here all the same, and why.
    static let refusedOnPurpose: [String: CertificateProblem.Code] = [
        // §4.1: DSA is no signature algorithm of FIPS 186-5 any more.
        "ValidDSASignaturesTest4": .weakAlgorithm,
        "ValidDSAParameterInheritanceTest5": .weakAlgorithm,
        // §4.6: RFC 5280 §4.2.1.9 has a CA mark its basic constraints as critical.
        "ValidbasicConstraintsNotCriticalTest4": .unsuitable,
    ]

    /// The same, with CRLs.
    static let refusedForItsList: [String: CertificateProblem.Code] = [
        // §4.14: the CRL's issuer has an indirect CRL for itself, and OpenSSL does not follow such a path further.
        "ValidcRLIssuerTest30": .revocationUnknown
    ]
}
