import PostureModel
import SQLiteStore
import ScorerModel
import ScorerTestSupport
import TestSupport

@testable import ScorerCore

extension SQLiteStore {
    /// A new root CA that an operator has added to the trusted ones, and its id there.
    func trustedRoot(by pki: TestPKI, at now: Timestamp, _ log: LogLines) async throws -> (TestCertificate, id: String)
    {
        let root = try pki.ca("Corp Root", validity: .years)
        let operators = OperatorCommands(store: self, actor: "a test", logger: log.logger, at: now)
        let ca = try TrustedCA(name: "Corp Root", certificates: Array(root.pem.utf8))
        return (root, try await TrustedCAs(operators).add(ca).id)
    }
}
