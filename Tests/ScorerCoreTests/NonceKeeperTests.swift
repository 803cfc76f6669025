import PostureModel
import ScorerTestSupport
import TestSupport
import Testing
import Verification

@testable import SQLiteStore
@testable import ScorerCore

@Suite("The nonce keys")
struct NonceKeeperTests {
    let audience = "https://scorer.acme.test"
    let start = TestClock.start
    let directory: TemporaryDirectory
    let store: SQLiteStore

    init() throws {
        directory = try TemporaryDirectory("nonces")
        store = try SQLiteStore(path: directory.file("scorer.sqlite"))
    }

    @Test("are shared by scorers with one store, though both start at once")
    func shared() async throws {
        let keepers = (0..<4).map { _ in NonceKeeper(store: store, audience: audience) }
        let nonces = try await withThrowingTaskGroup { group in
            for keeper in keepers + keepers {
                group.addTask { try await keeper.authority(at: start).issue(at: start) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(try await store.nonceKeys().count == 1)
        for nonce in nonces {
            for keeper in keepers {
                #expect(try await keeper.authority(at: start).verify(#require(nonce), at: start).issuedAt == start)
            }
        }
    }

    @Test("change every day, and a nonce from before the change is still good after it")
    func rotation() async throws {
        let keeper = NonceKeeper(store: store, audience: audience)
        _ = try await keeper.authority(at: start)
        var now = start.adding(seconds: 86_399)
        for day in 1...260 {
            let old = try #require(try await keeper.authority(at: now).issue(at: now))
            let later = now.adding(seconds: 2)
            let authority = try await keeper.authority(at: later)
            #expect(throws: Never.self, "day \(day)") { try authority.verify(old, at: later) }
            #expect(try await store.nonceKeys().count <= 3)
            now = now.adding(seconds: 86_401)
        }
    }

    @Test("are of one audience")
    func audiences() async throws {
        let here = try await NonceKeeper(store: store, audience: audience).authority(at: start)
        let there = try await NonceKeeper(store: store, audience: "https://other.test").authority(at: start)
        let nonce = try #require(here.issue(at: start))
        let problem = #expect(throws: Problem.self) { try there.verify(nonce, at: start) }
        #expect(problem?.isOf(.badNonce) == true)
    }
}
