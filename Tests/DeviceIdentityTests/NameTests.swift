import PostureModel
import ScorerModel
import TestSupport
import Testing

@Suite("Names of devices")
struct NameTests {
    /// As long as an identifier may be, and without a pattern that a placeholder would have.
    private static let longSerial: String = {
        let letters: [Character] = Array("0123456789abcdefghjk")
        return String(
            (0..<256).map { (index: Int) -> Character in letters[(index * index + index / 7) % letters.count] }
        )
    }()

    @Test(
        "as identifiers are trimmed and without regard to case, and never blank, endless or placeholders",
        arguments: [
            (.warp, " ABC ", "abc"), (.serial, "PF0FAKE1\0", "pf0fake1"), (.warp, "  ", nil), (.warp, "", nil),
            (.serial, "Default string", nil), (.warp, "Default string", "default string"),
            (.serial, Self.longSerial, Self.longSerial), (.key, "aBc-_", "aBc-_"),
            (.warp, String(repeating: "a", count: 257), nil), (.warp, "a\nb", nil), (.serial, "PF0\u{202e}FAKE1", nil),
        ] as [(Identifier.Kind, String, String?)]
    )
    func identifier(kind: Identifier.Kind, text: String, value: String?) {
        #expect(Identifier(kind, text)?.value == value)
    }

    @Test(
        "are searched by a key: a serial number in lower case, or the first label of a host name",
        arguments: [
            (.serial, " PF0Fake1\n", "pf0fake1"), (.serial, "None", nil), (.serial, "", nil),
            (.hostname, "LAPTOP-1.Corp.test", "laptop-1"), (.hostname, "laptop-9.", "laptop-9"),
            (.hostname, "localhost", "localhost"), (.hostname, "10.0.0.5", "10.0.0.5"), (.hostname, ".", nil),
            (.hostname, " ", nil), (.hostname, String(repeating: "a", count: 257), nil),
        ] as [(DeviceName.Kind, String, String?)]
    )
    func key(kind: DeviceName.Kind, text: String, key: String?) {
        #expect(DeviceName(kind, text)?.key == key)
    }

    @Test("of a report are all that are good, the best of each kind first, each once")
    func all() {
        var facts = SampleDevice.facts(
            serial: .observed(SerialNumber("Default string")),
            kernelHostname: .observed("laptop-1.a.test"),
            staticHostname: .observed("laptop-1")
        )
        facts.serials.board = .observed(SerialNumber("PF0FAKE2"))
        facts.serials.chassis = .observed(SerialNumber("PF0FAKE2"))
        let report = SampleDevice.report(1, facts: facts)
        #expect(DeviceName.all(of: report).map(\.spoken) == ["PF0FAKE2", "laptop-1.a.test", "laptop-1"])
        let listing = DeviceListing(report)
        #expect(listing.serial == "PF0FAKE2" && listing.hostname == "laptop-1.a.test")
    }

    @Test("have nothing that could steer a terminal, nor a NUL, which not every database takes")
    func printable() throws {
        let facts = SampleDevice.facts(kernelHostname: .observed(" a\u{1b}[2J\0b.test\n"))
        let report = SampleDevice.report(1, facts: facts, agent: "postured\u{1b}[2J")
        let listing = DeviceListing(report)
        #expect(listing.agent == "postured?[2J" && listing.hostname == "a?[2J?b.test")
        #expect(listing.operatingSystem == "debian 12")
        let name = try #require(DeviceName.all(of: report).first { $0.kind == .hostname })
        #expect(name.spoken == "a?[2J?b.test" && name.key == "a?[2j?b")
    }

    @Test("of hosts that mean one host have one key: with a domain and without")
    func domains() throws {
        for (name, others) in [
            ("laptop-7", ["Laptop-7.", "laptop-7.corp.example.com", "LAPTOP-7.CORP.example.com.", " laptop-7\n"]),
            ("laptop-8.corp.example.com", ["laptop-8", "laptop-8.", "Laptop-8.corp.example.com."]),
            ("10.0.0.5", ["10.0.0.5."]),
        ] {
            for other in others {
                #expect(try #require(Hostname(name)).means(#require(Hostname(other))), "\(name) \(other)")
                #expect(DeviceName(.hostname, name)?.key == DeviceName(.hostname, other)?.key, "it is found")
            }
        }
    }
}
