import OpenSSLBridge
import PostureModel
import Testing

@testable import ScorerAPI

@Suite("The key set of Cloudflare Access")
struct AccessKeysTests {
    /// A server of key sets that can fail, and counts.
    actor Source {
        struct Failure: Error {}
        private var answer: [UInt8]?
        private var waiting: [CheckedContinuation<Void, Never>] = []
        private var hangs = false
        private(set) var count = 0

        init(_ answer: [UInt8]?) { self.answer = answer }

        func set(_ answer: [UInt8]?) { self.answer = answer }

        /// Lets fetches hang until ``release()``.
        func hang() { hangs = true }

        func release() {
            hangs = false
            for fetch in waiting { fetch.resume() }
            waiting = []
        }

        func fetch() async throws -> [UInt8] {
            count += 1
            if hangs { await withCheckedContinuation { waiting.append($0) } }
            guard let answer else { throw Failure() }
            return answer
        }
    }

    let log = LogLines()
    let start = TestClock.start

    func keys(_ source: Source) -> AccessKeys {
        AccessKeys(logger: log.logger) { try await source.fetch() }
    }

    static func set(_ kids: String...) throws -> [UInt8] {
        TestTeam.keySet(try kids.map { try TestTeam.entry($0) })
    }

    @Test("is fetched once for all requests of an hour, and then again")
    func lifetime() async throws {
        let source = Source(try Self.set("a"))
        let keys = keys(source)
        await withTaskGroup { group in
            for _ in 0..<50 { group.addTask { #expect(await keys.key("a", at: start) != nil) } }
        }
        #expect(await source.count == 1)
        #expect(await keys.key("a", at: start.adding(seconds: 3600)) != nil)
        #expect(await source.count == 1)
        #expect(await keys.key("a", at: start.adding(seconds: 3601)) != nil)
        await keys.settle()
        #expect(await source.count == 2)
    }

    @Test("serves on while it is fetched, for whoever has a key in it", .timeLimit(.minutes(5)))
    func hanging() async throws {
        let source = Source(try Self.set("a"))
        let keys = keys(source)
        #expect(await keys.key("a", at: start) != nil)
        await source.hang()
        await source.set(try Self.set("b"))
        let later = start.adding(seconds: 3601)
        for _ in 0..<10 { #expect(await keys.key("a", at: later) != nil) }
        async let new = keys.key("b", at: later)
        await source.release()
        #expect(await new != nil)
        #expect(await source.count == 2)
    }

    @Test("is fetched for a key id that is not in it, at most once a minute, whoever asks")
    func unknownKeyID() async throws {
        let source = Source(try Self.set("a"))
        let keys = keys(source)
        for second: Int64 in 0..<180 {
            for kid in ["b", "c", ""] { #expect(await keys.key(kid, at: start.adding(seconds: second)) == nil) }
            #expect(await keys.key("a", at: start.adding(seconds: second)) != nil)
        }
        #expect(await source.count == 3)
    }

    @Test("follows a rotation within a minute, and forgets the old key")
    func rotation() async throws {
        let source = Source(try Self.set("a", "b"))
        let keys = keys(source)
        #expect(await keys.key("a", at: start) != nil)
        await source.set(try Self.set("b", "c"))
        #expect(await keys.key("c", at: start.adding(seconds: 59)) == nil)
        #expect(await keys.key("c", at: start.adding(seconds: 60)) != nil)
        #expect(await keys.key("b", at: start.adding(seconds: 60)) != nil)
        #expect(await keys.key("a", at: start.adding(seconds: 60)) == nil)
    }

    @Test(
        "serves on while fetching fails, or gives nothing of use",
        arguments: [
            nil, "", "<html>", "{}", #"{"keys":[]}"#, #"{"keys":null}"#,
            #"{"keys":[{"kid":"a","kty":"oct","k":"AAAA"}]}"#,
        ]
    )
    func failure(answer: String?) async throws {
        let source = Source(try Self.set("a"))
        let keys = keys(source)
        #expect(await keys.key("a", at: start) != nil)
        await source.set(answer.map { Array($0.utf8) })
        for hour in 2...100 as ClosedRange<Int64> {
            #expect(await keys.key("a", at: start.adding(seconds: hour * 3600)) != nil)
            await keys.settle()
        }
        #expect(await source.count == 100)
        #expect(log.all.contains { $0.hasPrefix("error") && $0.contains("serve on") })
    }

    @Test("serves on for seven days while fetching fails, and then lets nobody in until it can be fetched")
    func end() async throws {
        let source = Source(try Self.set("a"))
        let keys = keys(source)
        #expect(await keys.key("a", at: start) != nil)
        await source.set(nil)
        let week: Int64 = 7 * 86_400
        #expect(await keys.key("a", at: start.adding(seconds: week)) != nil)
        await keys.settle()
        #expect(!log.all.contains { $0.contains("refused") })
        for second in [week + 60, week + 61, 2 * week] as [Int64] {
            #expect(await keys.key("a", at: start.adding(seconds: second)) == nil)
        }
        #expect(log.all.contains { $0.hasPrefix("error") && $0.contains("every Access token is refused") })
        await source.set(try Self.set("a"))
        #expect(await keys.key("a", at: start.adding(seconds: 2 * week + 60)) != nil)
    }

    @Test("lets nobody in before it was fetched once, and is tried again after a minute")
    func firstFailure() async throws {
        let source = Source(nil)
        let keys = keys(source)
        #expect(await keys.key("a", at: start) == nil)
        await source.set(try Self.set("a"))
        #expect(await keys.key("a", at: start.adding(seconds: 59)) == nil)
        #expect(await source.count == 1)
        #expect(await keys.key("a", at: start.adding(seconds: 60)) != nil)
    }

    @Test("is fetched again after the clock was set back")
    func clockSetBack() async throws {
        let source = Source(try Self.set("a"))
        let keys = keys(source)
        #expect(await keys.key("a", at: start.adding(seconds: 1_000_000)) != nil)
        await source.set(try Self.set("b"))
        #expect(await keys.key("b", at: start) != nil)
        #expect(await source.count == 2)
    }

    @Test("gives RS256 keys alone, whatever else stands in it")
    func parsing() throws {
        let small = try PrivateKey.generate(.rsa(bits: 1024 * 2))
        let ec = String(decoding: try Wire.encode(try PrivateKey.generate(.p256).publicKey.jwk), as: UTF8.self)
        let entries = [
            try TestTeam.entry("good"), try TestTeam.entry("no alg", small, ["alg": nil]),
            try TestTeam.entry("no use", small, ["use": nil]), try TestTeam.entry("RS512", small, ["alg": #""RS512""#]),
            try TestTeam.entry("enc", small, ["use": #""enc""#]),
            try TestTeam.entry("none", small, ["alg": #""none""#]),
            try TestTeam.entry("", small, ["kid": nil]), try TestTeam.entry("", small, ["kid": "7"]),
            try TestTeam.entry("n not base64url", small, ["n": #""+/==""#]),
            try TestTeam.entry("n small", small, ["n": #""AQAB""#]),
            try TestTeam.entry("n empty", small, ["n": #""""#]),
            try TestTeam.entry("n missing", small, ["n": nil]),
            #"{"kid":"ec",\#(ec.dropFirst())"#, #"{"kid":"oct","kty":"oct","alg":"HS256","k":"AAAA"}"#,
        ]
        let keys = try AccessKeys.parse(TestTeam.keySet(entries))
        #expect(keys.keys.sorted() == ["good", "no alg", "no use"])
        #expect(keys["good"]?.jwk == TestTeam.key.publicKey.jwk)
        let garbage = try AccessKeys.parse(TestTeam.keySet(["1", "null", #""x""#, "[]", try TestTeam.entry("good")]))
        #expect(Array(garbage.keys) == ["good"])
    }

    @Test("is read up to its sixteenth key")
    func many() throws {
        let entries = try (0..<40).map { try TestTeam.entry("\($0)") }
        #expect(try AccessKeys.parse(TestTeam.keySet(entries)).count == 16)
    }
}
