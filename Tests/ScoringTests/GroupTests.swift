import PostureModel
import Testing

@testable import Scoring

@Suite("A group")
struct GroupTests {
    static let servers = Policy.Group(
        name: "servers",
        tags: ["server", "db"],
        rules: [.serialKnown: Rule(), .swapProtected: Rule(points: 10)]
    )
    static let laptops = Policy.Group(
        name: "laptops",
        certificateNames: ["*.laptops.example.com"],
        rules: [.secureBoot: Rule(gate: 30)]
    )

    static let policy: Policy = {
        var policy = Policy.standard
        policy.rules[.certificateProven]?.gate = 50
        policy.groups = [servers, laptops]
        return policy
    }()

    func score(_ verdicts: [CheckVerdict] = [Sample.verdict(.proven)], tag: String? = nil) -> Evaluation {
        Self.policy.evaluate(
            Sample.input(verdicts, record: Sample.record(tag: tag)),
            trust: Sample.trust,
            at: Sample.now
        )
    }

    @Test("has the rules of the policy, and its own instead of those; the first that a device is in counts")
    func rules() {
        #expect(Self.policy.problem == nil)
        #expect(score().group == nil && score().value == 100)
        let server = score(tag: "db")
        #expect(server.group == "servers" && server.value == 90)
        #expect(server[.serialKnown] == nil && server[.swapProtected]?.rule.points == 10)
        #expect(server[.certificateProven]?.points == 40)
        let named = Sample.verdict(.proven, commonName: "a.laptops.example.com")
        #expect(score([named]).group == "laptops" && score([named]).value == 30)
        #expect(score([named], tag: "server").group == "servers")
    }

    @Test(
        "takes nobody in by a certificate that is not proven, by now",
        arguments: [ProofLevel.none, .certificateOnly, .keyPresent]
    )
    func notProven(level: ProofLevel) {
        #expect(score([Sample.verdict(level, commonName: "a.laptops.example.com")]).group == nil)
        let expired = Sample.verdict(
            .proven,
            holdsUntil: Sample.now.adding(seconds: -1),
            commonName: "a.laptops.example.com"
        )
        #expect(score([expired]).group == nil)
    }

    @Test("does not look at what the device says of itself")
    func claims() {
        let facts = Sample.facts(
            kernelHostname: .observed("a.laptops.example.com"),
            staticHostname: .observed("server")
        )
        let input = Sample.input(facts: facts)
        #expect(Self.policy.evaluate(input, trust: Sample.trust, at: Sample.now).group == nil)
    }

    @Test(
        "matches names by stars that stand for anything but dots",
        arguments: [
            ("a.example.com", "*.example.com", true), ("A.EXAMPLE.com", "*.example.COM", true),
            ("a.b.example.com", "*.example.com", false), ("example.com", "*.example.com", false),
            ("laptop-17", "laptop-*", true), ("laptop-", "laptop-*", true), ("laptop", "laptop-*", false),
            ("my-laptop-17", "laptop-*", false), ("abcabd", "*abd", true), ("abcab", "*abd", false),
            ("aXbXc", "a*b*c", true), ("aXbX", "a*b*c", false), ("Jane Doe", "Jane Doe", true), ("a", "", false),
            ("a", "**", true), ("*", "a", false), ("a.example.com.evil.test", "*.example.com", false),
        ]
    )
    func pattern(name: String, pattern: String, isMatch: Bool) {
        #expect(matches(name, pattern: pattern) == isMatch)
    }

    static let bad: [(key: String, groups: [Policy.Group])] = [
        ("group[0].tags", [Policy.Group(name: "a")]), ("group[0].name", [Policy.Group(name: "", tags: ["a"])]),
        ("group[0].name", [Policy.Group(name: " a", tags: ["a"])]),
        ("group[0].tags", [Policy.Group(name: "a", tags: [""])]),
        ("group[0].certificate_names", [Policy.Group(name: "a", certificateNames: [""])]),
        ("group[1].name: duplicate name 'servers'", [servers, servers]),
        (
            "group[1].rules.tpm_present.gate",
            [servers, Policy.Group(name: "a", tags: ["a"], rules: [.tpmPresent: Rule(gate: 100)])]
        ),
        (
            "group[0].rules: the points of 'a'",
            [Policy.Group(name: "a", tags: ["a"], rules: [.tpmPresent: Rule(points: 1)])]
        ),
        ("group: ", (0...64).map { Policy.Group(name: "\($0)", tags: ["a"]) }),
    ]

    @Test("that makes no sense says which key is wrong", arguments: bad.indices)
    func problems(index: Int) {
        var policy = Self.policy
        policy.groups = Self.bad[index].groups
        #expect(policy.problem?.hasPrefix(Self.bad[index].key) == true, "\(policy.problem ?? "no problem")")
    }

    @Test("that a certificate puts a device in is one that nobody leaves for a pass by not proving it")
    func escape() {
        func problem(_ proof: Rule, later: [Rule.Name: Rule] = [:]) -> String? {
            var policy = Policy.standard
            policy.rules[.certificateProven] = proof
            policy.groups = [Self.laptops, Policy.Group(name: "later", tags: ["later"], rules: later)]
            return policy.problem
        }
        #expect(problem(Rule(points: 40))?.hasPrefix("group[0].certificate_names") == true)
        #expect(problem(Rule(points: 40, gate: 60)) != nil)
        #expect(problem(Rule(points: 40, gate: 59)) == nil)
        #expect(problem(Rule(points: 40, gate: 59, grace: 1)) != nil)
        let open = problem(Rule(points: 40, gate: 59), later: [.certificateProven: Rule(points: 40)])
        #expect(open?.contains("pass by group 'later'") == true)
        // Who has a tag is in its group with and without a certificate.
        var policy = Self.policy
        policy.groups = [Policy.Group(name: "kiosks", tags: ["kiosk"], rules: [.certificateProven: Rule(points: 40)])]
        policy.groups.append(Self.laptops)
        #expect(policy.problem == nil)
    }
}
