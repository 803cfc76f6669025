import OpenSSLBridge
import PostureModel
import TestSupport
import Testing
import Verification

/// The days that the tests of this target play on: certificates are valid through 2030 unless a test says otherwise.
enum Day {
    static let year2030 = TestPKI.Validity.between("20300101000000Z", "20310101000000Z")
    /// A moment in it: 2030-06-01T12:00:00Z.
    static let now = Timestamp(seconds: 1_906_545_600)
    /// The end of ``year2030``.
    static let end = Timestamp(seconds: 1_924_992_000)
    /// The beginning of ``year2030``.
    static let start = Timestamp(seconds: 1_893_456_000)
}

/// A certificate of a test, however it was made.
protocol Encoded {
    var der: [UInt8] { get }
}

extension TestCertificate: Encoded {}
extension Issued: Encoded {}

extension Encoded {
    func parsed() throws -> Certificate { try Certificate(der: der) }
}

/// Judges a leaf against the requirement of one trusted CA.
func judged(
    _ leaf: any Encoded,
    trusted: [any Encoded],
    intermediates: [any Encoded] = [],
    carried: [any Encoded] = [],
    commonName: String? = nil,
    alternativeNames: [String] = [],
    usages: [String] = [ExtendedKeyUsage.clientAuth],
    values: VariableValues = VariableValues(facts: .none, warpIDs: []),
    revocation: Revocation = Revocation(),
    at time: Timestamp = Day.now
) throws -> CertificateJudgement {
    let names = NamePatterns(
        commonName: try commonName.map { try NamePattern($0) },
        alternativeNames: try alternativeNames.map { try NamePattern($0) }
    )
    let requirements = CertificateRequirements(
        trusted: try trusted.map { try $0.parsed() },
        intermediates: try intermediates.map { try $0.parsed() },
        revocation: revocation,
        names: names,
        extendedKeyUsages: usages
    )
    let demand = try names.resolved(with: values)
    let carried = try carried.map { try $0.parsed() }
    return try CertificateJudge(requirements, names: demand, carried: carried, at: time).judge(leaf.parsed())
}

/// Judges a certificate against a requirement without names.
func judge(
    _ leaf: Certificate,
    against requirements: CertificateRequirements,
    at time: Timestamp
) throws -> CertificateJudgement {
    try CertificateJudge(requirements, names: .any, at: time).judge(leaf)
}

extension CertificateJudgement {
    /// The chain; a test that needs one fails with the reason why there is none.
    func chain(sourceLocation: SourceLocation = #_sourceLocation) -> ValidChain? {
        switch self {
        case .valid(let chain): return chain
        case .invalid(let problem):
            Issue.record("\(problem.code): \(problem.reason)", sourceLocation: sourceLocation)
            return nil
        }
    }

    /// Expects that it is not known whether the certificate was revoked, for this reason.
    func expect(gap: RevocationGap, _ words: String..., sourceLocation: SourceLocation = #_sourceLocation) {
        guard case .invalid(let problem) = self else {
            Issue.record("accepted", sourceLocation: sourceLocation)
            return
        }
        #expect(problem.code == .revocationUnknown, "\(problem.reason)", sourceLocation: sourceLocation)
        #expect(problem.gap == gap, "\(problem.reason)", sourceLocation: sourceLocation)
        for word in words {
            #expect(problem.reason.contains(word), "\(problem.reason)", sourceLocation: sourceLocation)
        }
    }

    /// Whether the certificate was refused with this code and a sentence that says all of `words`.
    func expect(
        _ code: CertificateProblem.Code,
        _ words: String...,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        guard case .invalid(let problem) = self else {
            Issue.record("accepted", sourceLocation: sourceLocation)
            return
        }
        #expect(problem.code == code, "\(problem.reason)", sourceLocation: sourceLocation)
        for word in words {
            #expect(problem.reason.contains(word), "\(problem.reason)", sourceLocation: sourceLocation)
        }
    }
}
