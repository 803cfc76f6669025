import OpenSSLBridge
import PostureModel
import ScorerTestSupport
import Testing

@testable import CloudflareAccess

@Suite("A token of Cloudflare Access")
struct AccessTokenTests {
    /// Does what the route does: parse, find the key, verify.
    func take(
        _ text: String,
        _ requirements: AccessRequirements = TestTeam.requirements,
        at now: Timestamp = TestClock.start
    ) throws {
        let keys = try AccessKeys.parse(TestTeam.keySet([TestTeam.entry(TestTeam.keyID)]))
        let token = try AccessToken(parsing: text)
        guard let key = keys[token.keyID] else { throw AccessToken.Refusal("its key is not in the key set") }
        try token.verify(key: key, requirements, at: now)
    }

    @Test("is refused, with a reason for the log, whatever is wrong with it")
    func isRefused() throws {
        let tokens = try BadToken.all()
        #expect(tokens.count >= 150)
        #expect(Set(tokens.map(\.name)).count == tokens.count)
        for token in tokens {
            let error = #expect(throws: AccessToken.Refusal.self, "\(token.name)") { try take(token.text) }
            #expect(error?.description.isEmpty == false)
        }
    }

    static let now = TestClock.start.seconds
    static let good: [(name: String, header: [String: String?], claims: [String: String?])] = [
        ("as Access issues it", [:], [:]), ("with aud a string", [:], ["aud": #""\#(TestTeam.audience)""#]),
        ("for several applications", [:], ["aud": #"["another","\#(TestTeam.audience)"]"#]),
        ("without typ", ["typ": nil], [:]), ("with headers of a later day", ["x": #"[1,{"y":null}]"#], [:]),
        ("with claims of a later day", [:], ["x": #"[1,{"y":null}]"#, "country": #""DE""#]),
        ("with escapes in it", [:], ["type": #""\u0061pp""#]),
        ("expired by 59 s", [:], ["exp": "\(now - 59)"]),
        ("with a fraction", [:], ["exp": "\(now).5", "iat": "1.5e9"]),
        ("with a far expiry", [:], ["exp": "1e300"]), ("issued in 59 s", [:], ["iat": "\(now + 59)"]),
        ("valid from 59 s on", [:], ["nbf": "\(now + 59)"]), ("valid since long", [:], ["nbf": "1"]),
        ("with nbf null", [:], ["nbf": "null"]),
    ]

    @Test("is taken when it is good", arguments: good.indices)
    func isTaken(index: Int) throws {
        let (name, header, claims) = Self.good[index]
        let text = try TestTeam.token(header: header, claims: claims)
        #expect(throws: Never.self, "\(name)") { try take(text) }
    }

    static let person: [String: String?] = ["sub": #""7335d417""#, "common_name": nil, "email": #""a@acme.test""#]

    func identity(_ claims: [String: String?], _ requirements: AccessRequirements) throws -> AccessIdentity {
        try AccessToken(parsing: TestTeam.token(claims: claims))
            .verify(key: TestTeam.key.publicKey, requirements, at: TestClock.start).identity
    }

    @Test("is taken from any service of the application where none is named, and never from a person")
    func notPinned() throws {
        var requirements = TestTeam.requirements
        requirements.commonName = nil
        let other = try identity(["common_name": #""another.access""#], requirements)
        #expect(other == .service("another.access") && "\(other)" == "another.access")
        let session: [String: String?] = ["type": #""org""#]
        let bad: [[String: String?]] = [
            session, Self.person, Self.person.merging(session) { $1 }, ["common_name": nil], ["common_name": #""""#],
            ["common_name": nil, "email": #""a@acme.test""#],
        ]
        for claims in bad {
            #expect(throws: AccessToken.Refusal.self, "\(claims)") { try identity(claims, requirements) }
        }
    }

    @Test("is taken from people too where they may call, and says who it is")
    func people() throws {
        let requirements = AccessRequirements(
            issuer: TestTeam.issuer,
            audiences: ["another", TestTeam.audience],
            allowsPeople: true
        )
        #expect(try identity(Self.person, requirements) == .person("a@acme.test"))
        #expect(try identity([:], requirements) == .service(TestTeam.commonName))
        let bad: [[String: String?]] = [
            ["email": nil], ["email": #""""#], ["email": "7"], ["sub": #""""#], ["sub": nil],
            ["common_name": #""x.access""#], ["type": #""org""#], ["aud": #"["third"]"#],
        ]
        for claims in bad {
            #expect(throws: AccessToken.Refusal.self, "\(claims)") {
                try identity(Self.person.merging(claims) { $1 }, requirements)
            }
        }
    }

    @Test("is good as long as the clock says, and no longer")
    func clock() throws {
        let token = try TestTeam.token()
        for (seconds, isGood) in [(-70, false), (-69, true), (3659, true), (3660, false)] as [(Int64, Bool)] {
            let now = TestClock.start.adding(seconds: seconds)
            if isGood {
                #expect(throws: Never.self, "\(seconds)") { try take(token, at: now) }
            } else {
                #expect(throws: AccessToken.Refusal.self, "\(seconds)") { try take(token, at: now) }
            }
        }
    }

    @Test("never says in its refusal what it held")
    func discretion() throws {
        for token in try BadToken.all() where token.text.utf8.count > 100 {
            do { try take(token.text) } catch {
                let parts = token.text.split(separator: ".").filter { $0.utf8.count > 8 }
                #expect(!parts.contains { "\(error)".contains($0) }, "\(token.name)")
            }
        }
    }
}
