import FoundationEssentials
import PostureModel
import TestSupport
import Testing

@testable import Collectors

/// What apt itself makes of a file, and of the values: `apt-config` and `apt.systemd.daily` are on every Debian.
@Suite("apt.conf")
struct AptConfigurationTests {
    private static let texts = [
        #"A::B "1";"#, #"A { B "1"; };"#, #"A { B "1"; }"#, #"A{B "1";}"#, #"a::b "1";"#, "A::B 1;", "A::B  1  ;",
        #"A { B "1"; B "2"; };"#, #"// A::B "1";"#, #"# A::B "1";"#, #"/* A::B "1"; */"#, "A::B\n\"1\"\n;",
        #"A::B "1"; /* "# + "\n * */ A::B \"3\";", #"A::B "1"; #clear A::B;"#, #"A::B "1"; #clear A;"#,
        #"A { "one"; "two"; }; A::B "1";"#, #"A::C { B "1"; };"#, #"}}} A::B "1";"#, "A::B;", "", #"A "0" { B "1"; };"#,
        #"A::B "1"#, #"A::B "1""#, "A::B \"1\n2\";", "A::B \"\n1\";", #"A::B "1" "2";"#, #"A::B "1"2;"#, #"A::B 1 2;"#,
        #""A::B" "1";"#, #"A::"B" "1";"#, #"A{B"1";}"#, "A::%42 \"1\";", "A::B %31;", "A::B \"%31\";", "A::[B] \"1\";",
        #"A { B "1";"#, #"A { C { B "1"; };"#, #"{ B "1"; };"#, #"#clear A::B"#, "#clear;", #"A { #clear A::B; };"#,
        #"#cleared "A::B";"#, #"#include "/nonexistent";"#, "/* http://x */ A::B \"1\";\nA::B \"2\"; /* */ A::B \"3\";",
        #"A::B "http://x"; # A::B "2";"#, #"A::B "a;b{c}";"#, #"A::B "/* 1 */";"#, #"A::B "1"; // "#, "A::B \"\t1\";",
        #"A::B::C "1";"#, #"A::B "1"; A::B::C "2";"#, #"A::B:: "1";"#, #"A::B "1"; A { B:: "2"; };"#, "A::B \"\";",
        #"A::B "1" // "# + "\n;", #"A::B "1" # "# + "\n;", #"A::B /* " */ "1"; // " "#, "A::B \"1\";\r\n", "A::B 'x';",
    ]

    /// What `apt-config` prints for `A::B` in each of the files: nil where it refuses the file, empty where it prints none.
    private static func apt(_ texts: [String]) throws -> [String?] {
        let directory = try TemporaryRoot()
        for (index, text) in texts.enumerated() {
            try directory.write(Data(text.utf8), to: "\(index)/parts/file")
            let main = #"Dir::Etc::parts "\#(directory.path)/\#(index)/parts"; Dir::Etc::main "/nonexistent";"#
            try directory.write(Data(main.utf8), to: "\(index)/main")
        }
        let script = """
            cd "$1" && i=0 && while [ -d $i ]; do
            if APT_CONFIG=$i/main apt-config shell V A::B > $i/out 2> /dev/null; then echo ok > $i/status; fi
            i=$((i + 1)); done
            """
        let ending = try Program("sh", ["-c", script, "sh", directory.path]).wait(seconds: 300)
        try #require(ending.status == 0, "\(ending.errors)")
        return try texts.indices.map { index in
            let root = try directory.root()
            guard try root.contains("\(index)/status") else { return nil }
            return try String(decoding: root.bytes(at: "\(index)/out"), as: UTF8.self)
        }
    }

    private static func shell(_ value: String?) -> String {
        value.map { "V='" + $0.replacing("'", with: #"'\''"#) + "'\n" } ?? ""
    }

    @Test("is read as apt reads it, or not at all")
    func oracle() throws {
        var texts = Self.texts
        var random = SplitMix(state: 7)
        let pieces = [
            "A", "::", "B", " ", "\"", "1", ";", "{", "}", "\n", "//", "/*", "*/", "#", "#clear ", "A::B", " \"2\";",
            "\t", "%41",
        ]
        for _ in 0..<300 {
            let count = Int.random(in: 1...12, using: &random)
            texts.append((0..<count).compactMap { _ in pieces.randomElement(using: &random) }.joined())
        }
        var understood = 0
        for (text, expected) in zip(texts, try Self.apt(texts)) {
            var configuration = AptConfiguration()
            guard configuration.read(text) else { continue }
            understood += 1
            #expect(expected == Self.shell(configuration["A::B"]), "\(text.debugDescription)")
        }
        #expect(understood > 80)
    }

    @Test("is understood as far as people write it")
    func understood() throws {
        let strange = ["%", "[", #"::"B""#, #"B"1""#, #""1"2"#, #""1" "2""#, "#include"]
        for (text, expected) in zip(Self.texts, try Self.apt(Self.texts)) {
            var configuration = AptConfiguration()
            let isUnderstood = configuration.read(text)
            if expected == nil { #expect(!isUnderstood, "\(text.debugDescription)") }
            if expected != nil, !strange.contains(where: text.contains) {
                #expect(isUnderstood, "\(text.debugDescription)")
            }
        }
    }

    @Test("has intervals that are taken as apt's script takes them")
    func intervals() throws {
        let values = [
            "0", "00", "1", "7", "1d", "0d", "1h", "1m", "1s", "30s", "s", "yes", "no", "true", "false", "on", "off",
            "always",
            "Always", " 1 ", "1w", "08", "07", "0x1", "0x", "-1", "+0", "-0", "+", "daily", "hours", "1 2", "", "1;2",
            "0 ",
        ]
        // Three days after the last run.
        let script = """
            set -e; stamp=$(mktemp); touch -d '3 days ago' $stamp; shift
            code=$(sed -n '/^check_stamp()/,/^}/p' /usr/lib/apt/apt.systemd.daily)
            for value; do
                set +e
                due=$(sh -c "debug_echo() { :; }; $code"'
                    if check_stamp $1 $2; then echo due; fi' sh $stamp "$value" 2> /dev/null)
                zero=$(sh -c 'if [ $1 -eq 0 ]; then echo zero; fi' sh "$value" 2> /dev/null)
                echo "$due,$zero"
                touch -d '3 days ago' $stamp
            done; rm -f $stamp
            """
        let ending = try Program("sh", ["-c", script, "sh", "-"] + values).wait(seconds: 120)
        let lines = ending.output.split(separator: "\n", omittingEmptySubsequences: false).prefix(values.count)
        try #require(lines.count == values.count, "\(ending)")
        for (value, line) in zip(values, lines) {
            guard let interval = AptInterval(value) else {
                #expect(["1 2", "", "1;2"].contains(value))
                continue
            }
            // Seven days is not due yet, and will be.
            #expect(
                "\(interval.isEverDue && !["7", "07"].contains(value) ? "due" : ""),\(interval.isZero ? "zero" : "")"
                    == line,
                "'\(value)'"
            )
        }
    }
}
