import TestSupport
import Testing

@testable import NSSBridge

@Suite("Trust")
struct TrustTests {
    @Test("is what certutil prints, for what certutil was told")
    func letters() async throws {
        let pki = try TestPKI()
        let database = try NSSTestDatabase()
        let settings = [
            "CT,C,C", "C,,", "T,,", "c,c,c", "cT,,", ",C,", ",,C", "P,P,P", "p,p,p", "Pp,,", ",p,c", ",,", "CTP,CP,P",
        ]
        let root = try pki.ca("Corp Root")
        for setting in settings {
            let leaf = try pki.leaf("leaf \(setting)", issuer: root, names: [])
            try database.importWithKey(leaf, nickname: "key \(setting)")
            try database.setTrust(setting, nickname: "key \(setting)")
            try database.add(try pki.ca("CA \(setting)"), nickname: "CA \(setting)", trust: setting)
        }
        let certificates = try await listed(database)
        let listing = try database.listing()
        #expect(listing.count == settings.count * 2)
        for (nickname, trust) in listing {
            let certificate = try #require(certificates.first { $0.nickname == nickname })
            #expect(certificate.trust.description == trust, "\(nickname)")
        }
    }

    @Test("written past NSS counts for nothing, and does not hide the certificate")
    func forged() async throws {
        let database = try NSSTestDatabase()
        try database.add(try TestPKI().ca("Other Root"), nickname: "Other Root", trust: "C,,")
        // Its signatures are bound to the object's number, and lost with it.
        try database.sql("UPDATE nssPublic SET id = id + 1000")
        try database.add(try TestPKI().ca("Corp Root"), nickname: "Corp Root", trust: "c,,")
        try database.sql("UPDATE nssPublic SET ace536358 = x'CE534352' WHERE a0 = x'CE534353'")
        #expect(try await listed(database).map(\.trust) == [.none, .none])
        #expect(try database.listing().map(\.trust) == [",,", ",,"])
    }

    @Test("of a database with a password is what certutil prints without it")
    func password() async throws {
        let database = try NSSTestDatabase(password: "correct horse")
        try database.add(try TestPKI().ca("Corp Root"), nickname: "Corp Root", trust: "CT,C,C")
        #expect(try await listed(database).map(\.trust.description) == ["CT,C,C"])
        #expect(try database.listing().map(\.trust) == ["CT,C,C"])
    }

    @Test("is written with certutil's letters in certutil's order")
    func description() {
        #expect(Trust.none.description == ",,")
        let trust = Trust(
            ssl: [.user, .trustedClientCA, .trustedCA, .validCA],
            email: [.peer, .trustedPeer],
            codeSigning: [.validCA]
        )
        #expect(trust.description == "CTu,P,c")
    }
}
