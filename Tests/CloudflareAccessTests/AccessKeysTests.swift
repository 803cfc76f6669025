import OpenSSLBridge
import PostureModel
import ScorerTestSupport
import Testing

@testable import CloudflareAccess

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

    @Test("with more than sixteen keys, of whatever kind, is not used, and says so")
    func many() async throws {
        let entries = try (0..<17).map { try TestTeam.entry("\($0)") }
        #expect(try AccessKeys.parse(TestTeam.keySet(Array(entries.dropLast()))).count == 16)
        for more in [entries[16], #"{"kid":"oct","kty":"oct","k":"AAAA"}"#] {
            let set = TestTeam.keySet(Array(entries.dropLast()) + [more])
            #expect(throws: AccessKeySet.Flaw.tooManyKeys(17)) { try AccessKeys.parse(set) }
            let keys = keys(Source(set))
            #expect(await keys.key("0", at: start) == nil)
            #expect(log.all.contains { $0.hasPrefix("error") && $0.contains("has 17 keys; at most 16 are taken") })
        }
    }

    @Test("has no key of another type or purpose, or whose type or purpose is no text")
    func purposes() throws {
        let members: [String: [String]] = [
            "alg": [#""RS384""#, #""PS256""#, #""rs256""#, #""""#, "null", "256", #"["RS256"]"#, "{}", "true"],
            "use": [#""enc""#, #""SIG""#, #""""#, "null", "1", #"["sig"]"#],
            "key_ops": [
                "[]", #"["sign"]"#, #"["encrypt"]"#, #"["verify","encrypt"]"#, #"["verify","verify"]"#, #""verify""#,
                "null",
                "[1]", "{}",
            ],
            "kty": [#""EC""#, #""rsa""#, "null", "1"], "d": [#""AQAB""#, "null"],
        ]
        for (member, values) in members {
            for value in values {
                let entry = try TestTeam.entry("a", TestTeam.key, [member: value])
                #expect(try AccessKeys.parse(TestTeam.keySet([entry])).isEmpty, "\(member): \(value)")
            }
        }
        let good = try TestTeam.entry("a", TestTeam.key, ["key_ops": #"["verify"]"#])
        #expect(try AccessKeys.parse(TestTeam.keySet([good])).count == 1)
    }

    @Test("uses none of several keys with one id, and says so; the same key twice is one")
    func sharedID() async throws {
        let entries = [try TestTeam.entry("a"), try TestTeam.entry("a", TestTeam.strangeKey), try TestTeam.entry("b")]
        for order in [entries, entries.reversed()] {
            let set = try AccessKeySet(parsing: TestTeam.keySet(order))
            #expect(set.keys.keys.sorted() == ["b"] && set.sharedIDs == ["a"])
        }
        let keys = keys(Source(TestTeam.keySet(entries)))
        #expect(await keys.key("a", at: start) == nil)
        #expect(await keys.key("b", at: start) != nil)
        #expect(log.all.contains { $0.hasPrefix("warning") && $0.contains("one id") })
        let same = try AccessKeySet(parsing: TestTeam.keySet([entries[0], entries[0]]))
        #expect(same.keys.count == 1 && same.sharedIDs.isEmpty)
        // A key that is not used is none of the two.
        let other = try TestTeam.entry("a", TestTeam.strangeKey, ["use": #""enc""#])
        #expect(try AccessKeys.parse(TestTeam.keySet([other, entries[0]]))["a"]?.jwk == TestTeam.key.publicKey.jwk)
    }

    @Test("with a name that is there twice in an object is not used")
    func repeatedNames() throws {
        let entry = try TestTeam.entry("a")
        for (member, text) in [("kid", #""kid":"b","#), ("kid, escaped", #""\u006bid":"b","#), ("n", #""n":"AQAB","#)] {
            let set = TestTeam.keySet(["{\(text)\(entry.dropFirst())"])
            #expect(throws: AccessKeySet.Flaw.repeatedName, "\(member)") { try AccessKeys.parse(set) }
        }
        #expect(throws: AccessKeySet.Flaw.repeatedName) {
            try AccessKeys.parse(Array(#"{"keys":[],"keys":[\#(entry)]}"#.utf8))
        }
        for text in [
            #"{"a":{"b":1},"c":{"b":1}}"#, #"[{"a":1},{"a":1}]"#, #"{"a":"b","b":["a","a"]}"#, #"{"a\"":1,"a":1}"#, "1",
        ] {
            #expect(JSONScanner.hasUniqueNames(Array(text.utf8)), "\(text)")
        }
        for text in [#"{"a":1,"b":{},"a":2}"#, #"[0,{"a":[{"b":1,"b":1}]}]"#, #"{"é":1,"e\u0301":1}"#, #"{"":1,"":1}"#]
        {
            #expect(!JSONScanner.hasUniqueNames(Array(text.utf8)), "\(text)")
        }
    }

    @Test("has the numbers of a key in their one form")
    func numbers() throws {
        guard case .rsa(let modulus, let exponent) = TestTeam.key.publicKey.jwk else { return }
        let n = Base64URL.encode(modulus)
        for members in [
            ["n": Base64URL.encode([0] + modulus)], ["e": Base64URL.encode([0] + exponent)], ["e": "AAEAAQ"],
            ["e": "AQAB="],
            ["e": "AQAB\\n"], ["n": n + "=="], ["n": n + " "], ["e": ""], ["e": "AA"],
        ] {
            let entry = try TestTeam.entry("a", TestTeam.key, members.mapValues { TestTeam.quoted($0) })
            #expect(try AccessKeys.parse(TestTeam.keySet([entry])).isEmpty, "\(members.keys)")
        }
    }

    @Test("has no RSA key with an exponent that is even or below 3: under 1 a bare padding would be a signature")
    func exponents() throws {
        for exponent in [[1], [2], [4], [1, 0, 0]] as [[UInt8]] {
            let entry = try TestTeam.entry("a", TestTeam.key, ["e": TestTeam.quoted(Base64URL.encode(exponent))])
            #expect(try AccessKeys.parse(TestTeam.keySet([entry])).isEmpty, "\(exponent)")
        }
        guard case .rsa(let modulus, _) = TestTeam.key.publicKey.jwk else { return }
        let token = try AccessToken(parsing: TestTeam.token(sign: Self.barePadding))
        let key = try? PublicKey(.rsa(modulus: modulus, exponent: [1]))
        #expect(key.map(token.isSigned(by:)) ?? false == false)
    }

    /// EMSA-PKCS1-v1_5 of 256 octets with SHA-256 (RFC 8017 §9.2), which is its own signature under the exponent 1.
    private static func barePadding(of message: [UInt8]) -> [UInt8] {
        let prefix: [UInt8] = [
            0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04,
            0x20,
        ]
        let info = prefix + Digest.sha256(message)
        return [0x00, 0x01] + Array(repeating: 0xff, count: 256 - 3 - info.count) + [0x00] + info
    }
}
