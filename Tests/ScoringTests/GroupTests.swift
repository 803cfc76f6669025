import PostureModel
import ScorerModel
import TestSupport
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
        rules: [.serialKnown: Rule(), .secureBoot: Rule(points: 10)]
    )

    static let policy: Policy = {
        var policy = Policy.standard
        policy.rules[.certificateProven]?.gate = 50
        policy.groups = [servers, laptops]
        return policy
    }()

    func score(
        _ tags: DeviceTag...,
        facts: Facts = SampleDevice.facts(),
        verdict: CheckVerdict = Sample.verdict(.proven)
    )
        -> Evaluation
    {
        Self.policy.evaluate(
            Sample.input([verdict], facts: facts, record: Sample.record(tags: Set(tags))),
            trust: Sample.trust,
            at: Sample.now
        )
    }

    @Test("has the rules of the policy, and its own instead of those; the first that a device is in counts")
    func rules() {
        #expect(Self.policy.problem == nil)
        #expect(score().group == nil && score().value == 100)
        let server = score(DeviceTag("db", .operators))
        #expect(server.group == "servers" && server.value == 90)
        #expect(server[.serialKnown] == nil && server[.swapProtected]?.rule.points == 10)
        #expect(server[.certificateProven]?.points == 40)
        #expect(score(DeviceTag("server", .inventory(serial: "pf0fake1"))).group == "servers")
        let named = DeviceTag("a.laptops.example.com", .certificate)
        #expect(score(named).group == "laptops" && score(named).value == 90)
        #expect(score(named, DeviceTag("server", .operators)).group == "servers")
    }

    @Test("keeps a device whose certificate is not proven now, or expired, or whose facts are others")
    func sticky() {
        let named = DeviceTag("a.laptops.example.com", .certificate)
        for level in ProofLevel.allCases { #expect(score(named, verdict: Sample.verdict(level)).group == "laptops") }
        let expired = Sample.verdict(.proven, holdsUntil: Sample.now.adding(seconds: -1))
        #expect(score(named, verdict: expired).group == "laptops")
    }

    @Test("does not look at what the device says of itself, nor at a certificate's name for the tags of operators")
    func claims() {
        let name = "a.laptops.example.com"
        let facts = SampleDevice.facts(kernelHostname: .observed(name), staticHostname: .observed("server"))
        #expect(score(facts: facts, verdict: Sample.verdict(.proven, commonName: name)).group == nil)
        #expect(score(DeviceTag("server", .certificate)).group == nil)
        #expect(score(DeviceTag(name, .operators)).group == nil)
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

    @Test("has no gate that devices in no group lack")
    func escape() {
        func problem(_ own: Rule?, _ group: Rule) -> String? {
            var policy = Policy.standard
            policy.rules[.secureBoot] = own
            policy.groups = [Self.laptops, Policy.Group(name: "later", tags: ["later"], rules: [.secureBoot: group])]
            policy.groups[0].rules = [:]
            return policy.problem
        }
        #expect(problem(nil, Rule(gate: 30))?.hasPrefix("group[1].rules.secure_boot.gate: ") == true)
        #expect(problem(.warning, Rule(gate: 30)) != nil && problem(Rule(gate: 31), Rule(gate: 30)) != nil)
        #expect(problem(Rule(gate: 30), Rule(gate: 30)) == nil && problem(Rule(gate: 0), Rule(gate: 30)) == nil)
        #expect(problem(Rule(gate: 0), .warning) == nil, "a group may have fewer gates")
    }
}
