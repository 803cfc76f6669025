import PostureModel
import Testing

@Suite("A host name")
struct HostnameTests {
    @Test(
        "has a short label",
        arguments: [
            ("laptop-7", "laptop-7"), (" LAPTOP-7.Corp.Example.com.\n", "laptop-7"), ("laptop-7.", "laptop-7"),
            ("7", "7"),
            ("(none)", "(none)"), ("192.0.2.7", nil), ("2001:db8::7", nil), ("a..b", nil), (".a", nil), ("a..", nil),
            ("laptop.7", "laptop"),
        ] as [(String, String?)]
    )
    func shortLabel(_ text: String, _ label: String?) throws {
        #expect(try #require(Hostname(text)).shortLabel == label)
    }

    @Test("is nothing where the text is blank", arguments: ["", " ", ".", "\t\n", "\0"])
    func blank(_ text: String) {
        #expect(Hostname(text) == nil)
    }

    @Test(
        "means another with or without its domain",
        arguments: [
            ("laptop", "LAPTOP", true), ("laptop", "laptop.example.com", true), ("laptop.example.com.", "laptop", true),
            ("laptop.example.com", "laptop.example.org", false), ("laptop", "laptop-7", false),
            ("192.0.2.7", "192.0.2.7", true), ("192.0.2.7", "192", false), ("192.0.2.7", "192.0.2.8", false),
            ("a..b", "a", false), ("a..b", "a..b", true), ("k", "\u{212a}", false),
        ] as [(String, String, Bool)]
    )
    func means(_ one: String, _ other: String, _ isSame: Bool) throws {
        let (one, other) = (try #require(Hostname(one)), try #require(Hostname(other)))
        #expect(one.means(other) == isSame)
        #expect(other.means(one) == isSame)
    }

    @Test(
        "is a placeholder where many machines have it",
        arguments: [
            ("localhost", true, true), ("LOCALHOST.localdomain", true, true), ("localhost6.localdomain6", true, true),
            ("(none)", true, true), ("none", true, true), ("Ubuntu", true, true), ("debian.", true, true),
            ("ubuntu.corp.example.com", false, true), ("laptop-7", false, false), ("debian-7", false, false),
            ("192.0.2.7", false, false),
        ]
    )
    func placeholder(_ text: String, _ isOne: Bool, _ hasLabel: Bool) throws {
        let name = try #require(Hostname(text))
        #expect(name.isPlaceholder == isOne)
        #expect(name.hasPlaceholderLabel == hasLabel)
    }
}
