import OpenSSLBridge
import PostureModel
import TestSupport
import Testing
import Verification

@testable import Agent

/// A CA, an issuing CA below it, and a database to put certificates into.
struct CheckFixture: Sendable {
    static let name = "laptop-1.acme.test"

    let pki: TestPKI
    let root: TestCertificate
    let issuing: TestCertificate
    let database: NSSTestDatabase
    let directory: TemporaryDirectory

    init(password: String? = nil, key: TestPKI.Key = .p256) throws {
        pki = try TestPKI()
        root = try pki.ca("Corp Root", key: key)
        issuing = try pki.ca("Corp Issuing", issuer: root, key: key)
        database = try NSSTestDatabase(password: password)
        directory = try TemporaryDirectory("check")
    }

    /// A leaf of the name that is asked for, issued by the root unless another issuer is named.
    func leaf(
        _ name: String = Self.name,
        issuer: TestCertificate? = nil,
        eku: [String] = ["clientAuth"],
        validity: TestPKI.Validity = .current
    ) throws -> TestCertificate {
        try pki.leaf(name, issuer: issuer ?? root, eku: eku, validity: validity)
    }

    /// The check that asks for the name, under the root.
    func check(
        database: String? = nil,
        source: CertificateSource? = nil,
        nickname: String? = nil,
        commonName: String? = Self.name,
        alternativeNames: [String] = [],
        usages: [String] = [ExtendedKeyUsage.clientAuth],
        intermediates: [TestCertificate] = [],
        crls: [String] = []
    ) throws -> CertificateCheck {
        CertificateCheck(
            id: "corp",
            source: source ?? .database(path: database ?? self.database.path, password: nil),
            nickname: nickname,
            requirements: CertificateRequirements(
                trusted: [try Certificate(der: root.der)],
                intermediates: try intermediates.map { try Certificate(der: $0.der) },
                names: NamePatterns(
                    commonName: try commonName.map { try NamePattern($0) },
                    alternativeNames: try alternativeNames.map { try NamePattern($0) }
                ),
                extendedKeyUsages: usages
            ),
            crls: crls
        )
    }
}

/// A machine as a check may find it, and what the check has to make of it.
struct Situation: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let outcome: CheckResult.Outcome
    let code: CertificateProblem.Code?
    /// What stands in the sentence for a person.
    let sentence: String
    let password: String?
    let prepare: @Sendable (CheckFixture) throws -> CertificateCheck

    init(
        _ description: String,
        _ outcome: CheckResult.Outcome,
        _ code: CertificateProblem.Code? = nil,
        says sentence: String,
        password: String? = nil,
        prepare: @escaping @Sendable (CheckFixture) throws -> CertificateCheck
    ) {
        testDescription = description
        self.outcome = outcome
        self.code = code
        self.sentence = sentence
        self.password = password
        self.prepare = prepare
    }

    /// Runs the check and compares everything that it says.
    @discardableResult
    func expectAsTold() async throws -> CheckResult {
        let fixture = try CheckFixture(password: password)
        let result = try await prepare(fixture).run()
        #expect(result.outcome == outcome)
        #expect(result.code == code)
        #expect(result.reason.contains(sentence), "\(result.reason)")
        let status: Int32 = outcome == .pass ? 0 : outcome == .fail ? 1 : 2
        #expect([CheckSummary(result)].exitStatus == status)
        return result
    }
}

extension CertificateCheck {
    /// Runs the check now, on a machine with these facts.
    func run(facts: Facts = .plain, warpIDs: [String] = []) async -> CheckResult {
        await run(at: .now(), values: VariableValues(facts: facts, warpIDs: warpIDs), warpIDs: warpIDs)
    }
}

extension Facts {
    /// Facts of a laptop with a serial number and a host name.
    static let plain = Facts.laptop(serial: "ABC-1234")

    /// Facts of a laptop with this serial number and this host name.
    static func laptop(serial: String, hostname: String = "laptop-1") -> Facts {
        Facts(
            serials: SerialNumbers(
                product: .observed(SerialNumber(serial)),
                board: .notApplicable(reason: "no board serial"),
                chassis: .notApplicable(reason: "no chassis serial")
            ),
            macs: .observed([]),
            kernelHostname: .observed(hostname),
            staticHostname: .observed(hostname),
            warpIPv4: .observed([]),
            osRelease: .observed(OSRelease(id: "debian")),
            kernelRelease: .observed("6.1.0"),
            machineID: .observed("4d0e5c2b8f7a4b1e9c3d2a1f0e9d8c7b"),
            bootID: .observed("b0071d00-0000-4000-8000-000000000001"),
            uptime: .observed(86_400)
        )
    }
}
