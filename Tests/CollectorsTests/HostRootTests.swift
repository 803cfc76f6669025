import FoundationEssentials
import Glibc
import Testing

@testable import Collectors

@Suite("A host's root")
struct HostRootTests {
    @Test("keeps symbolic links inside", arguments: ["/outside/secret", "../../../outside/secret"])
    func symlinks(destination: String) throws {
        let outside = try TemporaryRoot(["secret": "of the machine that runs the tests"])
        let files = try TemporaryRoot(["outside/secret": "of the fixture"])
        try files.link("etc/hostname", to: destination)
        // The same absolute path leads to the other directory for everybody else.
        try files.link("etc/other", to: outside.path + "/secret")
        let root = try files.root()
        #expect(try root.text(at: "etc/hostname") == "of the fixture")
        #expect(error { try root.text(at: "etc/other") } == HostReadError(path: "/etc/other", code: ENOENT))
        #expect(try root.text(at: "../../../../outside/secret") == "of the fixture")
    }

    @Test("refuses a FIFO, a directory and a device at once, and without waiting", .timeLimit(.minutes(5)))
    func irregular() throws {
        let files = try TemporaryRoot(["directory/file": ""])
        #expect(unsafe mkfifo(files.path + "/fifo", 0o600) == 0)
        let root = try files.root()
        #expect(error { try root.bytes(at: "fifo") } == HostReadError(path: "/fifo", code: ENXIO))
        #expect(error { try root.bytes(at: "directory") } == HostReadError(path: "/directory", code: EISDIR))
        let host = try HostRoot()
        #expect(error { try host.bytes(at: "dev/null") } == HostReadError(path: "/dev/null", code: ENXIO))
    }

    @Test("reads a file of the limit's length and refuses one byte more")
    func limit() throws {
        let files = try TemporaryRoot(["eight": "12345678", "nine": "123456789", "empty": ""])
        let root = try files.root()
        #expect(try root.bytes(at: "eight", limit: 8) == Array("12345678".utf8))
        #expect(error { try root.bytes(at: "nine", limit: 8) } == HostReadError(path: "/nine", code: EFBIG))
        #expect(try root.bytes(at: "empty", limit: 8).isEmpty)
    }

    @Test("reads a procfs file to its end, although that gives a page at a time and no size")
    func procfs() throws {
        let root = try HostRoot()
        let text = try root.text(at: "proc/self/smaps", limit: 16 << 20)
        #expect(text.utf8.count > 8192)
        #expect(text.hasSuffix("anon") || text.contains("VmFlags:"))
    }

    @Test("tells what may not be read from what is not there")
    func denied() throws {
        let files = try TemporaryRoot(["sys/serial": "1", "closed/file": "2"])
        let root = try files.root(denying: ["sys/serial", "closed"])
        #expect(error { try root.bytes(at: "sys/serial") } == HostReadError(path: "/sys/serial", code: EACCES))
        #expect(error { try root.bytes(at: "/sys/serial") } == HostReadError(path: "/sys/serial", code: EACCES))
        #expect(error { try root.bytes(at: "sys/other") } == HostReadError(path: "/sys/other", code: ENOENT))
        #expect(error { try root.bytes(at: "closed/file") } == HostReadError(path: "/closed/file", code: EACCES))
        #expect(error { try root.entries(of: "closed") } == HostReadError(path: "/closed", code: EACCES))
        // As for a mode of 000: it is there, and what is below it cannot be told.
        #expect(try root.contains("sys/serial"))
        #expect(error { try root.contains("closed/file") } == HostReadError(path: "/closed/file", code: EACCES))
    }

    @Test("knows what it contains")
    func contains() throws {
        let files = try TemporaryRoot(["a/file": ""])
        try files.link("dangling", to: "nowhere")
        try files.link("circle", to: "circle")
        let root = try files.root()
        #expect(try root.contains("a/file"))
        #expect(try root.contains("a"))
        #expect(try !root.contains("a/other"))
        #expect(try !root.contains("a/file/below"))
        #expect(try !root.contains("dangling"))
        #expect(error { try root.contains("circle") } == HostReadError(path: "/circle", code: ELOOP))
    }

    @Test("lists a directory in order, and refuses an endless one")
    func entries() throws {
        let files = try TemporaryRoot(["d/b": "", "d/a": "", "d/.hidden": "", "d/c/x": ""])
        let root = try files.root()
        #expect(try root.entries(of: "d") == [".hidden", "a", "b", "c"])
        #expect(error { try root.entries(of: "d/a") } == HostReadError(path: "/d/a", code: ENOTDIR))
        for number in 0..<330 { try files.write(Data(), to: "many/\(number)" + String(repeating: "x", count: 200)) }
        #expect(error { try root.entries(of: "many") } == HostReadError(path: "/many", code: EFBIG))
    }

    @Test("does not cut a path at a NUL")
    func nul() throws {
        let files = try TemporaryRoot(["a": "1"])
        let root = try files.root()
        #expect(error { try root.bytes(at: "a\0b") } == HostReadError(path: "/a\0b", code: EINVAL))
    }

    @Test("repairs what is no UTF-8, and takes white space and NULs off the ends")
    func text() throws {
        let files = try TemporaryRoot()
        try files.write(Data([0x20, 0x61, 0xff, 0x62, 0x20, 0x0a, 0x00]), to: "file")
        let root = try files.root()
        #expect(try root.text(at: "file") == "a\u{fffd}b")
    }

    @Test("has to be a directory")
    func noDirectory() throws {
        #expect(error { _ = try HostRoot(at: "/dev/null") } == HostReadError(path: "/dev/null", code: ENOTDIR))
        #expect(error { _ = try HostRoot(at: "/no/such") } == HostReadError(path: "/no/such", code: ENOENT))
    }

    @Test(
        "says in a sentence what stopped it",
        arguments: [
            (EACCES, "/a: permission denied (run as root, or give CAP_DAC_READ_SEARCH)"),
            (EPERM, "/a: permission denied (run as root, or give CAP_DAC_READ_SEARCH)"),
            (ENOENT, "/a: no such file or directory"),
            (ENXIO, "/a: not a regular file"),
            (EFBIG, "/a: longer than what is read of it"),
            (99_999, "/a: unknown error 99999"),
        ]
    )
    func sentences(code: CInt, sentence: String) {
        #expect("\(HostReadError(path: "a", code: code))" == sentence)
    }

    @Test("bounds strings by their scalars, as one character can be any length")
    func bounded() {
        #expect(String(repeating: "x", count: 300).firstScalars().count == 256)
        #expect(("e" + String(repeating: "\u{301}", count: 300)).firstScalars().unicodeScalars.count == 256)
    }
}

/// The error that `body` throws, or nil.
func error<Value>(_ body: () throws -> Value) -> HostReadError? {
    do {
        _ = try body()
        return nil
    } catch {
        return error as? HostReadError
    }
}
