import OpenSSLBridge
import PostureModel
import Testing
import Verification

@Suite("NIST's path validation test suite")
struct PKITSTests {
    private static let withLists = Result { try PKITS.judge(lists: PKITS.lists()) }
    private static let chainsOnly = Result { try PKITS.judge(lists: []) }

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
        #expect(PKITS.cases.count { PKITS.isValid($0) } == 102)
        #expect(PKITS.validForAnyPolicy.isSubset(of: PKITS.cases))
        #expect(PKITS.cases.count { PKITS.isAboutPolicies($0) } == 62)
    }

    @Test("has thirteen runs that ask for policies, or inhibit something: here they are run with the default settings")
    func otherSettings() {
        #expect(PKITS.invalidWithOtherSettings.count == 13)
        for (run, name) in PKITS.invalidWithOtherSettings {
            #expect(PKITS.cases.contains(name) && PKITS.isValid(name), "\(run)")
        }
    }

    @Test("is passed, with all its intermediates and CRLs at once", arguments: PKITS.cases)
    func all(name: String) throws {
        let refused = PKITS.refusedOnPurpose.merging(PKITS.refusedForItsList) { $1 }
        try expect(name, by: Self.withLists.get(), refused: refused)
    }

    @Test("is passed where it is about chains alone, without any CRL", arguments: PKITS.cases)
    func chains(name: String) throws {
        if !PKITS.isValid(name), PKITS.isAboutRevocation(name) { return }
        try expect(name, by: Self.chainsOnly.get(), refused: PKITS.refusedOnPurpose)
    }

    private func expect(
        _ name: String,
        by judge: CertificateJudge,
        refused: [String: CertificateProblem.Code]
    ) throws {
        let judgement = try judge.judge(PKITS.certificate("\(name)EE"))
        switch judgement {
        case .valid: #expect(PKITS.isValid(name) && refused[name] == nil)
        case .invalid(let problem):
            let code = PKITS.isValid(name) ? refused[name] : PKITS.reason(name) ?? problem.code
            #expect(code == problem.code, "\(problem.reason)")
        }
    }
}
