import PostureModel
import TestSupport
import Testing
import Verification

@testable import Agent

@Suite("A certificate check", .timeLimit(.minutes(5)))
struct CertificateCheckTests {
    static let certificates = [
        Situation("the right certificate", .pass, says: "CN=laptop-1.acme.test, issued under CN=Corp Root, valid until")
        {
            try $0.database.importWithKey($0.leaf(), nickname: "laptop")
            return try $0.check()
        },
        Situation("another name", .fail, .notFound, says: "'laptop-1.acme.test'; those there are for 'b.test'") {
            try $0.database.importWithKey($0.leaf("b.test"), nickname: "laptop")
            return try $0.check()
        },
        Situation("a nickname that is the name", .fail, .notFound, says: "those there are for 'evil.test'") {
            try $0.database.importWithKey($0.leaf("evil.test"), nickname: CheckFixture.name)
            return try $0.check()
        },
        Situation("no certificate at all", .fail, .notFound, says: "holds no certificate with the common name") {
            try $0.check()
        },
        Situation("an expired one", .fail, .expired, says: "CN=laptop-1.acme.test expired at 2021-01-01T00:00:00Z") {
            try $0.database.importWithKey($0.leaf(validity: .expired), nickname: "laptop")
            return try $0.check()
        },
        Situation("one from the future", .fail, .notYetValid, says: "is valid only from 2090-01-01T00:00:00Z") {
            try $0.database.importWithKey($0.leaf(validity: .notYetValid), nickname: "laptop")
            return try $0.check()
        },
        Situation("another issuer", .fail, .issuerUnknown, says: "was issued by CN=Other Root, which is neither") {
            let other = try $0.pki.ca("Other Root")
            try $0.database.importWithKey($0.leaf(issuer: other), nickname: "laptop")
            return try $0.check()
        },
        Situation("another issuer that the database trusts", .fail, .untrustedIssuer, says: "ends at CN=Other Root") {
            let other = try $0.pki.ca("Other Root")
            try $0.database.importWithKey($0.leaf(issuer: other), nickname: "laptop")
            try $0.database.add(other, nickname: "Other Root", trust: "CT,C,C")
            return try $0.check()
        },
        Situation("a self-signed one", .fail, .untrustedIssuer, says: "not at the trusted CA (CN=Corp Root)") {
            try $0.database.importWithKey($0.pki.leaf(CheckFixture.name, issuer: nil), nickname: "laptop")
            return try $0.check()
        },
        Situation("no intermediate", .fail, .issuerUnknown, says: "issued by CN=Corp Issuing") {
            try $0.database.importWithKey($0.leaf(issuer: $0.issuing), nickname: "laptop")
            return try $0.check()
        },
        Situation("the intermediate in the database", .pass, says: "issued under CN=Corp Root") {
            try $0.database.importWithKey($0.leaf(issuer: $0.issuing), nickname: "laptop")
            try $0.database.add($0.issuing, nickname: "issuing")
            return try $0.check()
        },
        Situation("the intermediate in the configuration", .pass, says: "issued under CN=Corp Root") {
            try $0.database.importWithKey($0.leaf(issuer: $0.issuing), nickname: "laptop")
            return try $0.check(intermediates: [$0.issuing])
        },
        Situation("an expired intermediate", .fail, .expired, says: "CN=Old Issuing, above CN=laptop-1.acme.test, exp")
        {
            let old = try $0.pki.ca("Old Issuing", issuer: $0.root, validity: .expired)
            try $0.database.importWithKey($0.leaf(issuer: old), nickname: "laptop")
            try $0.database.add(old, nickname: "issuing")
            return try $0.check()
        },
        Situation("no private key", .fail, .noPrivateKey, says: "import the certificate together with its key") {
            try $0.database.add($0.leaf(), nickname: "laptop")
            return try $0.check()
        },
        Situation("no extended key usage", .fail, .missingUsage, says: "may not be used for clientAuth") {
            try $0.database.importWithKey($0.leaf(eku: []), nickname: "laptop")
            return try $0.check()
        },
        Situation("a server's usage", .fail, .missingUsage, says: "CN=laptop-1.acme.test") {
            try $0.database.importWithKey($0.leaf(eku: ["serverAuth"]), nickname: "laptop")
            return try $0.check()
        },
        Situation(
            "keys behind a password",
            .unable,
            .privateKeyUnreadable,
            says: "the keys of the database are protected by a password",
            password: "correct horse"
        ) {
            try $0.database.importWithKey($0.leaf(), nickname: "laptop")
            return try $0.check()
        },
    ]

    @Test("says what is there and what is wrong with it", arguments: certificates)
    func certificate(situation: Situation) async throws {
        try await situation.expectAsTold()
    }

    @Test("says for the whole configuration what its worst result says")
    func exitStatus() {
        func status(_ outcomes: CheckResult.Outcome...) -> Int32 {
            outcomes.map { CheckSummary(CheckResult(id: "a", $0, "", nil, .notFound(reason: ""))) }.exitStatus
        }
        #expect(status() == 0)
        #expect(status(.pass, .pass) == 0)
        #expect(status(.pass, .fail) == 1)
        #expect(status(.fail, .unable, .pass) == 2)
    }
}
