import TestSupport
import Testing
import Verification

@Suite("A certificate's names are within its CAs' name constraints")
struct NameConstraintTests {
    typealias Form = CertificateExtension

    private func judge(
        _ constraints: Form,
        leaf names: [NameForm],
        commonName: String = "Laptop"
    ) throws -> CertificateJudgement {
        let root = try Issued.root("Corp Root")
        let issuing = try root.ca("Corp Issuing") { $0.set(constraints) }
        let leaf = try issuing.leaf(commonName) { $0.set(.alternativeNames(names)) }
        return try judged(leaf, trusted: [root], intermediates: [issuing])
    }

    /// A base, names that are below it, and names that are not (RFC 5280 §4.2.1.10).
    private static let trees: [(base: NameForm, inside: [NameForm], outside: [NameForm])] = [
        (
            .dns("acme.test"), [.dns("acme.test"), .dns("a.acme.test"), .dns("a.b.ACME.Test"), .dns("*.acme.test")],
            [.dns("notacme.test"), .dns("acme.test.example"), .dns("test")]
        ),
        (.email("a@acme.test"), [.email("a@ACME.test")], [.email("b@acme.test"), .email("a@b.acme.test")]),
        (.email("acme.test"), [.email("a@acme.test")], [.email("a@b.acme.test"), .email("a@xacme.test")]),
        (.email(".acme.test"), [.email("a@b.acme.test")], [.email("a@acme.test"), .email("a@bacme.test")]),
        (
            .uri(".acme.test"), [.uri("https://a.acme.test/x"), .uri("https://a.b.acme.test:8443/")],
            [.uri("https://acme.test/"), .uri("https://acme.test.example/")]
        ),
        (.uri("acme.test"), [.uri("https://acme.test/")], [.uri("https://a.acme.test/")]),
        (.ip([192, 0, 2, 0, 255, 255, 255, 0]), [.ip([192, 0, 2, 255])], [.ip([192, 0, 3, 1])]),
        (
            .ip([0x20, 0x01] + Array(repeating: 0, count: 14) + [0xff, 0xff] + Array(repeating: 0, count: 14)),
            [.ip([0x20, 0x01] + Array(repeating: 9, count: 14))], [.ip([0x20, 0x02] + Array(repeating: 0, count: 14))]
        ),
    ]

    @Test("where they are permitted: all names of the kind", arguments: trees.indices)
    func permitted(index: Int) throws {
        let tree = Self.trees[index]
        let constraints = Form.nameConstraints(permitted: [tree.base])
        for name in tree.inside { #expect(try judge(constraints, leaf: [name]).chain() != nil, "\(name)") }
        #expect(try judge(constraints, leaf: tree.inside).chain() != nil)
        for name in tree.outside {
            try judge(constraints, leaf: [name]).expect(.nameNotPermitted, "CN=Laptop", "of CN=Corp Issuing")
            try judge(constraints, leaf: tree.inside + [name]).expect(.nameNotPermitted, "CN=Laptop")
        }
        #expect(try judge(constraints, leaf: [.other("x")]).chain() != nil, "a name of another kind is not constrained")
    }

    @Test("within a bound of comparisons, which a thousand names of a hundred constraints do not reach")
    func bound() throws {
        func names(_ count: Int) -> [NameForm] { (0..<count).map { .dns("host-\($0).acme.test") } }
        func constraints(_ count: Int) -> Form {
            .nameConstraints(excluded: (0..<count).map { .dns("host-\($0).example") })
        }
        #expect(try judge(constraints(100), leaf: names(1_000)).chain() != nil)
        #expect(try judge(constraints(1_000), leaf: names(100)).chain() != nil)
        try judge(constraints(800), leaf: names(900)).expect(.nameNotPermitted, "CN=Laptop", "131072 comparisons")
    }

    @Test("and where they are not excluded: none of the names", arguments: trees.indices)
    func excluded(index: Int) throws {
        let tree = Self.trees[index]
        let constraints = Form.nameConstraints(excluded: [tree.base])
        for name in tree.outside where "\(name)" != "\(NameForm.dns("test"))" {
            #expect(try judge(constraints, leaf: [name]).chain() != nil, "\(name)")
        }
        for name in tree.inside {
            try judge(constraints, leaf: [name]).expect(.nameNotPermitted, "CN=Laptop", "of CN=Corp Issuing")
            try judge(constraints, leaf: [.other("x"), name]).expect(.nameNotPermitted, "CN=Laptop")
        }
    }

    @Test("the subject among them")
    func directoryNames() throws {
        let permitted = Form.nameConstraints(permitted: [.directory("Laptop")])
        #expect(try judge(permitted, leaf: [.dns("a.test")]).chain() != nil)
        #expect(try judge(permitted, leaf: [.directory("LAPTOP")]).chain() != nil)
        try judge(permitted, leaf: [.dns("a.test")], commonName: "Phone").expect(.nameNotPermitted, "CN=Phone")
        try judge(permitted, leaf: [.directory("Phone")]).expect(.nameNotPermitted, "CN=Laptop")
        let excluded = Form.nameConstraints(excluded: [.directory("Laptop")])
        try judge(excluded, leaf: [.dns("a.test")]).expect(.nameNotPermitted, "CN=Laptop")
        #expect(try judge(excluded, leaf: [.dns("a.test")], commonName: "Phone").chain() != nil)
    }

    @Test("the excluded before the permitted")
    func both() throws {
        let both = Form.nameConstraints(permitted: [.dns("acme.test")], excluded: [.dns("guests.acme.test")])
        #expect(try judge(both, leaf: [.dns("a.acme.test")]).chain() != nil)
        try judge(both, leaf: [.dns("a.guests.acme.test")]).expect(.nameNotPermitted)
        let same = Form.nameConstraints(permitted: [.dns("acme.test")], excluded: [.dns("acme.test")])
        try judge(same, leaf: [.dns("acme.test")]).expect(.nameNotPermitted)
    }

    @Test("where a wildcard could stand for a host that is excluded")
    func wildcards() throws {
        let excluded = Form.nameConstraints(excluded: [.dns("hr.acme.test")])
        try judge(excluded, leaf: [.dns("*.acme.test")]).expect(.nameNotPermitted, "CN=Laptop")
        try judge(excluded, leaf: [.dns("*.HR.acme.test")]).expect(.nameNotPermitted, "CN=Laptop")
        #expect(try judge(excluded, leaf: [.dns("*.it.acme.test")]).chain() != nil)
        #expect(try judge(excluded, leaf: [.dns("*.xacme.test")]).chain() != nil)
    }
}
