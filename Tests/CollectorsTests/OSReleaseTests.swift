import FoundationEssentials
import PostureModel
import TestSupport
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
            (#"one # two"#, "one"),
            (#"one#two"#, "one#two"),
            (#"'it'"'"'s'"#, "it's"),
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
        arguments: ["", "\n", "# ID=debian\n", "ID=", "ID=\"\"", "NAME=Debian", "ID='  '", "\n\n  # a\nNAME=b # c"]
    )
    func defaults(file: String) {
        #expect(parse(file) == OSRelease(id: "linux"))
    }

    @Test(
        "is unreadable where a shell would do something else than assign, or refuse it",
        arguments: [
            "ID=debian\nPRETTY_NAME=one two\n", "ID=debian\nNAME=\"without an end\n", "ID=debian\\", "ID", "=debian",
            "\0\0\u{1b}",
            "ID=debian\nVERSION=12 (bookworm)\n", "ID=$(id)\n", "ID=\"$NAME\"\n", "ID=`id`\n", "ID=a;b\n", "A B=c\n",
            "1A=b\n",
            "ID=~\n", "export ID=a\n", "[section]\nID=a\n", "ID: debian\n", "ID=a\0b\n", "ID=(a b)\n", "ID=a&\n",
        ]
    )
    func notUnderstood(file: String) throws {
        let files = try TemporaryRoot(["etc/os-release": file])
        let root = try files.root()
        let reason = "/etc/os-release: has something in it that is not understood"
        #expect(root.osRelease() == .unreadable(reason: reason))
    }

    @Test("is read as the shell and systemd's other readers do", arguments: [0, 1, 2])
    func oracle(seed: Int) throws {
        var random = SplitMix(state: UInt64(seed))
        let pieces = ["ID=", "a", "\"", "'", "\\", " ", "\n", "#", "$", "x=", "b", "\t", "~", "c"]
        let directory = try TemporaryRoot()
        var texts: [String] = []
        for index in 0..<150 {
            let count = Int.random(in: 1...10, using: &random)
            texts.append("ID=" + (0..<count).compactMap { _ in pieces.randomElement(using: &random) }.joined())
            try directory.write(Data(texts[index].utf8), to: "\(index)")
        }
        let script = """
            cd "$1"; i=0; while [ -f $i ]; do
            (set -e; ID=; . ./$i > /dev/null; printf %s "$ID" > $i.out) 2> /dev/null < /dev/null; i=$((i + 1)); done
            """
        _ = try Program("sh", ["-c", script, "sh", directory.path]).wait(seconds: 120)
        let root = try directory.root()
        for (index, text) in texts.enumerated() {
            let bytes = Array(text.utf8)
            guard let values = ShellAssignments(bytes.span) else { continue }
            let expected = try? String(decoding: root.bytes(at: "\(index).out"), as: UTF8.self)
            #expect(expected == values["ID"], "\(text.debugDescription)")
        }
    }

    @Test("counts the last of several assignments")
    func last() {
        #expect(parse("ID=a\nID=b\nVERSION_ID=1\nVERSION_ID=\n") == OSRelease(id: "b"))
    }

    @Test("has bounded values")
    func bounded() {
        #expect(parse("ID=" + String(repeating: "a", count: 1000))?.id.count == 256)
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
            if OSRelease(parsing: part.span)?.id.isEmpty == true { broken.append(part) }
        }
        #expect(broken.isEmpty)
    }

    private func parse(_ text: String) -> OSRelease? {
        let bytes = Array(text.utf8)
        return OSRelease(parsing: bytes.span)
    }
}
