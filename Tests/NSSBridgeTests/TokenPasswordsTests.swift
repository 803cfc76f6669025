import Testing

@testable import NSSBridge

@Suite("A file of passwords")
struct TokenPasswordsTests {
    func parse(_ text: String) throws(TokenPasswords.Flaw) -> TokenPasswords {
        let bytes = Array(text.utf8)
        return try TokenPasswords(parsing: bytes.span)
    }

    @Test(
        "has the database's own on the line that names it, or as the last line",
        arguments: [
            ("secret", "secret"), ("secret\n", "secret"), ("secret\r\n\r\n", "secret"), ("a\nb\n", "b"),
            ("se:cret", "se:cret"), (" x ", " x "), ("NSS Certificate DB:a\nb", "a"), ("b\nNSS Certificate DB:a", "a"),
            ("NSS Certificate DB:a\nNSS Certificate DB:b", "a"), ("Card:1\nsecret", "secret"), ("secret\nCard:1", nil),
            ("Card:1", nil), ("Cards:1", "Cards:1"), ("nss certificate db:a", "nss certificate db:a"),
            ("NSS Certificate DB:", ""),
        ] as [(String, String?)]
    )
    func database(text: String, password: String?) throws {
        let found = try parse(text).ofDatabase(named: ["NSS Certificate DB"], beside: ["Card", "Other"])
        #expect(found == password.map { Array($0.utf8) })
    }

    @Test("has the database's own under each name that NSS has for it", arguments: TokenPasswords.databaseNames)
    func names(name: String) throws {
        let names = ["My database"] + TokenPasswords.databaseNames
        let text = "\(name):a\nCard:1"
        #expect(try parse(text).ofDatabase(named: names, beside: ["Card"]) == Array("a".utf8))
        #expect(try parse("\(name):a\nMy database:b").ofDatabase(named: names, beside: []) == Array("b".utf8))
        // A token beside it may be called like it, and locks itself after a few wrong ones.
        #expect(try parse(text).ofDatabase(named: names, beside: ["Card", name]) == nil)
    }

    @Test(
        "has a token's on the line that names it, and nowhere else",
        arguments: [
            ("Card:1", "1"), ("x\nCard:1:2\n", "1:2"), ("Card:1\nCard:2", "1"), ("1", nil), ("card:1", nil),
            (" Card:1", nil), ("Card :1", nil), ("Cards:1", nil), ("Card", nil), ("x Card:1", nil),
        ] as [(String, String?)]
    )
    func token(text: String, password: String?) throws {
        #expect(try parse(text).named("Card") == password.map { Array($0.utf8) })
    }

    @Test("is refused where it is empty, too long or has a NUL")
    func refused() {
        for text in ["", "\n", "\r\n\n"] {
            #expect(throws: TokenPasswords.Flaw.empty) { try parse(text) }
        }
        #expect(throws: TokenPasswords.Flaw.containsNUL) { try parse("a\0") }
        #expect(throws: TokenPasswords.Flaw.tooLong) { try parse(String(repeating: "a", count: 16_385)) }
        #expect(throws: Never.self) { try parse(String(repeating: "a", count: 16_384)) }
    }

    @Test("is shown nowhere")
    func hidden() throws {
        let passwords = try parse("hunter2")
        var dumped = ""
        dump(passwords, to: &dumped)
        for text in [
            "\(passwords)", String(reflecting: passwords), dumped, "\([passwords])",
            String(describing: Optional(passwords)),
        ] {
            #expect(!text.contains("hunter2"))
            #expect(!text.contains("104"), "nor its bytes")
        }
    }
}
