import OpenSSLBridge
import PostureModel
import Testing
import Verification

@Suite("NIST's path validation test suite")
struct PKITSTests {
    private static let withLists = Result { try PKITS.judge(lists: PKITS.lists()) }
    private static let chainsOnly = Result { try PKITS.judge(lists: []) }
    private static let judged = PKITS.cases.filter { !PKITS.isAboutPolicies($0) }

    @Test("is there, whole: without it, run scripts/fetch-pkits")
    func isThere() {
        #expect(
            PKITS.names(in: "certs").count == 405,
            "there is no PKITS in \(PKITS.directory): run scripts/fetch-pkits"
        )
        #expect(
            PKITS.names(in: "crls").count == 173,
            "there is no PKITS in \(PKITS.directory): run scripts/fetch-pkits"
        )
        #expect(PKITS.cases.count == 223)
        #expect(Self.judged.count == 180)
        #expect(Self.judged.count { $0.hasPrefix("Valid") } == 88)
        #expect(Self.judged.allSatisfy { $0.hasPrefix("Valid") || $0.hasPrefix("Invalid") })
    }

    @Test("is passed, with all its intermediates and CRLs at once", arguments: judged)
    func all(name: String) throws {
        let refused = PKITS.refusedOnPurpose.merging(PKITS.refusedForItsList) { $1 }
        try expect(name, by: Self.withLists.get(), refused: refused)
    }

    @Test("is passed where it is about chains alone, without any CRL", arguments: judged)
    func chains(name: String) throws {
        if name.hasPrefix("Invalid"), PKITS.isAboutRevocation(name) { return }
        try expect(name, by: Self.chainsOnly.get(), refused: PKITS.refusedOnPurpose)
    }

    private func expect(
        _ name: String,
        by judge: CertificateJudge,
        refused: [String: CertificateProblem.Code]
    ) throws {
        let judgement = try judge.judge(PKITS.certificate("\(name)EE"))
        switch judgement {
        case .valid: #expect(name.hasPrefix("Valid") && refused[name] == nil)
        case .invalid(let problem):
            let code = name.hasPrefix("Invalid") ? PKITS.reason(name) ?? problem.code : refused[name]
            #expect(code == problem.code, "\(problem.reason)")
        }
    }
}
