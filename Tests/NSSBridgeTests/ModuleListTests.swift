import Foundation
import TestSupport
import Testing

@testable import NSSBridge

@Suite("The modules of pkcs11.txt")
struct ModuleListTests {
    typealias Module = ModuleList.Module

    func parse(_ text: String) throws(ModuleList.Flaw) -> [Module] {
        let bytes = Array(text.utf8)
        return try ModuleList(parsing: bytes.span).modules
    }

    @Test("are those that modutil added, and not NSS's own")
    func modutil() throws {
        let database = try NSSTestDatabase()
        func list() throws -> [Module] {
            let bytes = try contents(of: "\(database.path)/pkcs11.txt")
            return try ModuleList(parsing: bytes.span).modules
        }
        #expect(try list().isEmpty)
        let library = try #require(
            ["/usr/lib/x86_64-linux-gnu/nss/libnssckbi.so", "/usr/lib/aarch64-linux-gnu/nss/libnssckbi.so"]
                .first { FileManager.default.fileExists(atPath: $0) } ?? ["/usr/lib/softhsm/libsofthsm2.so"].first
        )
        try runTool(
            "modutil",
            ["-force", "-dbdir", "sql:\(database.path)", "-add", "my \"own\" module", "-libfile", library]
        )
        #expect(try list() == [Module(library: library, name: "my \"own\" module")])
    }

    @Test(
        "are entries with a library",
        arguments: [
            ("", []), ("\n\n\n", []), ("library=\nname=x\n\n", []), ("name=x\nNSS=Flags=internal\n", []),
            ("library=/a.so\nname=x", [Module(library: "/a.so", name: "x")]),
            (
                "Library=/a.so\r\nNAME=x\r\n\r\nlibrary=b.so\n",
                [
                    Module(library: "/a.so", name: "x"), Module(library: "b.so"),
                ]
            ),
            (
                "# one\nlibrary=/a b.so\n#\nname=x\nparameters=p q\nNSS=trustOrder=1 x=y",
                [
                    Module(library: "/a b.so", name: "x", parameters: "p q")
                ]
            ),
            ("library=\"/a \\\"b\\\\.so\"\nname=\"x\"", [Module(library: "/a \"b\\.so", name: "x")]),
            ("library=/a.so\n#\n\nname=x", [Module(library: "/a.so")]),
        ] as [(String, [Module])]
    )
    func entries(text: String, modules: [Module]) throws {
        #expect(try parse(text) == modules)
    }

    @Test(
        "are not NSS's own, which Fedora's and RHEL's system database names",
        arguments: [
            "library=libnsssysinit.so\nname=NSS Internal PKCS #11 Module\n"
                + "NSS=Flags=internal,moduleDBOnly,critical trustOrder=75 slotParams={0x00000001=[slotFlags=ECC]}",
            "NSS=trustOrder=75 flags=\"critical, MODULEDBONLY\"\nname=x\nlibrary=libnsssysinit.so",
            "# a comment\nLIBRARY=\"/usr/lib64/libnsssysinit.so\"\nnss=\"Flags=internal,moduleDB\"",
            "library=libnsssysinit.so  \nname=x", "library=libsoftokn3.so\nNSS=flags=internal,critical",
            "library=/usr/lib/libsoftokn3.so\nNSS=\"Flags='internal'\"", "library=\nNSS=flags=internal,FIPS",
        ]
    )
    func own(text: String) throws {
        #expect(try parse(text).isEmpty)
        #expect(try parse("library=/a.so\n\n\(text)\n\nlibrary=/b.so").map(\.library) == ["/a.so", "/b.so"])
    }

    @Test(
        "are others' in spite of such a name, or of a flag",
        arguments: [
            "library=libsoftokn3.so\nparameters=\"configdir='sql:/other'\"", "library=/a.so\nNSS=flags=internal",
            "library=/a.so\nNSS=flags=internal,moduleDBOnly", "library=/libnsssysinit.so/a.so",
            "library=p11-kit-proxy.so",
        ]
    )
    func others(text: String) throws {
        #expect(try parse(text).count == 1)
    }

    @Test("that hold public CAs alone are known by their names, wherever they are")
    func authorities() {
        for library in ["libnssckbi.so", "/usr/lib64/libnssckbi.so", "/usr/lib64/pkcs11/p11-kit-trust.so"] {
            #expect(Module(library: library).holdsAuthoritiesOnly)
        }
        for library in ["p11-kit-proxy.so", "opensc-pkcs11.so", "/libnssckbi.so/x"] {
            #expect(!Module(library: library).holdsAuthoritiesOnly)
        }
    }

    @Test("stand beside the names of the database's own token")
    func databaseNames() throws {
        let names = "dbTokenDescription='A \\'b\\'' FIPSTokenDescription={c d}"
        let text = "library=\nparameters=configdir='sql:/db' \(names)\n"
        #expect(try ModuleList(parsing: Array(text.utf8).span).databaseNames == ["A 'b'", "c d"])
        let other = "library=/a.so\nparameters=dbTokenDescription=x"
        #expect(try ModuleList(parsing: Array(other.utf8).span).databaseNames.isEmpty)
    }

    @Test(
        "have parameters as NSS takes them",
        arguments: [
            ("a=b c='d e' f={g} h=", ["a": "b", "c": "d e", "f": "g", "h": ""]), ("A=b a=c", ["a": "b"]), ("", [:]),
            (#"a="b\"c" d"#, ["a": "b\"c"]), ("a=[b (c)] d=<e>", ["a": "b (c)", "d": "e"]), ("a='b", ["a": "b"]),
            ("=x", [:]),
        ] as [(String, [String: String])]
    )
    func parameters(text: String, values: [String: String]) {
        let parameters = ModuleParameters(parsing: text)
        for (key, value) in values { #expect(parameters[key] == value) }
        for key in ["a", "c", "d", "f", "h"] where values[key] == nil { #expect(parameters[key] == nil) }
    }

    @Test(
        "are none where a line is not understood",
        arguments: [
            ("library", 1), ("\nname=x\nlibrary=\"/a", 3), ("library=\"/a\" name=x", 1), ("library=/a\nlibrary=/b", 2),
            (" library=/a", 1), ("library=/a\0", 1), ("library=/a\tb", 1), ("=x", 0), ("library=\"/a\\", 1),
        ]
    )
    func malformed(text: String, line: Int) {
        // A key may be empty: such a line says nothing of a library.
        guard line > 0 else { return #expect((try? parse(text)) == []) }
        #expect(throws: ModuleList.Flaw.malformed(line: line)) { try parse(text) }
    }

    @Test("are not read from a file of more than 64 KiB, or one that is not UTF-8")
    func limits() throws {
        let start = "library=/a\n\n"
        let comment = String(repeating: "#", count: 65_536 - start.utf8.count)
        #expect(try parse(start + comment).count == 1)
        #expect(throws: ModuleList.Flaw.tooLong) { try parse(start + comment + "#") }
        let bytes: [UInt8] = Array("library=/".utf8) + [0xFF]
        #expect(throws: ModuleList.Flaw.malformed(line: 1)) { try ModuleList(parsing: bytes.span) }
    }

    @Test("are given to NSS quoted, without what is not asked for")
    func specification() {
        let module = Module(library: "x", name: "a \"b\"", parameters: "p\\q")
        #expect(
            module.specification(library: "/r x.so")
                == #"library="/r x.so" name="a \"b\"" parameters="p\\q""#
        )
        #expect(Module(library: "x").specification(library: "/x") == #"library="/x" name="""#)
    }
}
