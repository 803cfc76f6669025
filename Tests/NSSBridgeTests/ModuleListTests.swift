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
