import PostureModel
import Testing

@testable import Collectors

@Suite("os-release")
struct OSReleaseTests {
    @Test(
        "is quoted as in a shell",
        arguments: [
            (#"plain"#, "plain"),
            (#""double quoted""#, "double quoted"),
            (#"'single quoted'"#, "single quoted"),
            (#""a \"b\" \$c \`d\` \\e \n""#, #"a "b" $c `d` \e \n"#),
            (#"'a \"b\" \\c'"#, #"a \"b\" \\c"#),
            (#"a\ b\"c"#, #"a b"c"#),
            (#"one two"#, "one"),
            (#"'it'"'"'s'"#, "it's"),
            (#""without an end"#, "without an end"),
            (#"ends\"#, "ends"),
            (#"a=b"#, "a=b"),
            ("windows\r", "windows"),
            (#"" spaces ""#, "spaces"),
            (#""Größe""#, "Größe"),
        ]
    )
    func quoting(written: String, value: String) {
        #expect(parse("PRETTY_NAME=\(written)\nID=x\n") == OSRelease(id: "x", prettyName: value))
    }

    @Test(
        "lacks what it does not say, and its ID is linux then",
        arguments: ["", "\n", "# ID=debian\n", "ID", "ID=", "ID=\"\"", "=debian", "NAME=Debian", "\0\0\u{1b}"]
    )
    func defaults(file: String) {
        #expect(parse(file) == OSRelease(id: "linux"))
    }

    @Test("counts the last of several assignments")
    func last() {
        #expect(parse("ID=a\nID=b\nVERSION_ID=1\nVERSION_ID=\n") == OSRelease(id: "b"))
    }

    @Test("has bounded values")
    func bounded() {
        #expect(parse("ID=" + String(repeating: "a", count: 1000)).id.count == 256)
    }

    @Test("is that of /etc where there is one, and else that of /usr/lib")
    func paths() throws {
        let both = try TemporaryRoot(["etc/os-release": "ID=etc", "usr/lib/os-release": "ID=usr"])
        let etc = try both.root()
        #expect(etc.osRelease() == .observed(OSRelease(id: "etc")))
        let usrFiles = try TemporaryRoot(["usr/lib/os-release": "ID=usr"])
        let usr = try usrFiles.root()
        #expect(usr.osRelease() == .observed(OSRelease(id: "usr")))
    }

    @Test("that may not be read is not replaced by another one")
    func denied() throws {
        let files = try TemporaryRoot(["etc/os-release": "ID=etc", "usr/lib/os-release": "ID=usr"])
        let root = try files.root(denying: ["etc/os-release"])
        #expect(root.osRelease().value == nil)
    }

    @Test("never traps, whatever is in it")
    func mutated() {
        let file = Array("ID=\"a\\\"b\"\nPRETTY_NAME='x y'\n# c\nVERSION_ID=1\\\n".utf8)
        var random = SplitMix(state: 1)
        var broken: [[UInt8]] = []
        for _ in 0..<10_000 {
            var mutant = file
            for _ in 0..<4 {
                mutant[Int.random(in: 0..<mutant.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            let part = Array(mutant.prefix(Int.random(in: 0...mutant.count, using: &random)))
            if OSRelease(parsing: part.span).id.isEmpty { broken.append(part) }
        }
        #expect(broken.isEmpty)
    }

    private func parse(_ text: String) -> OSRelease {
        let bytes = Array(text.utf8)
        return OSRelease(parsing: bytes.span)
    }
}
