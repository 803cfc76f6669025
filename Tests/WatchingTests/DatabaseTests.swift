import NSSBridge
import PostureModel
import TestSupport
import Testing

@testable import Watching

@Suite("A certificate database that is watched", .timeLimit(.minutes(5)))
struct DatabaseTests {
    let pki: TestPKI
    let database: NSSTestDatabase

    init() throws {
        pki = try TestPKI()
        database = try NSSTestDatabase()
        try database.importWithKey(try pki.leaf("laptop-1.acme.test", issuer: nil), nickname: "laptop")
    }

    @Test("changed by each import and each deletion of certutil and pk12util")
    func written() async throws {
        let watched = try Watched([database.path])
        let change: Set<Change> = [.file(path: database.path)]
        let other = try pki.leaf("laptop-2.acme.test", issuer: nil)
        #expect(try await watched.changes { try database.add(other, nickname: "other") } == change)
        #expect(try await watched.changes { try database.setTrust("P,,", nickname: "other") } == change)
        #expect(try await watched.changes { try database.delete(nickname: "other") } == change)
        #expect(try await watched.changes { try database.importWithKey(other, nickname: "other") } == change)
    }

    @Test("did not change by being read, by the agent or by certutil")
    func read() async throws {
        let watched = try Watched([database.path, "\(database.path)/cert9.db", "\(database.path)/key4.db"])
        let listed = try await NSS.withDatabase(at: database.path) { try $0.certificates().map(\.privateKey) }
        #expect(listed == [.present])
        #expect(try await watched.changes { _ = try (database.listing(), database.keys()) } == [])
    }
}
