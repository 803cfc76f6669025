import Foundation
import Glibc
import TestSupport
import Testing

@testable import Files

@Suite("Who may do what to a file")
struct FileAccessTests {
    typealias Right = FileAccess.Right

    @Test(
        "besides root and this user",
        arguments: [
            (0, 0, 0o600, false, .write, nil), (0, 0, 0o644, false, .write, nil), (0, 0, 0o664, false, .write, nil),
            (0, 5, 0o664, false, .write, "group 5 may write to /f"), (0, 5, 0o644, false, .write, nil),
            (0, 0, 0o664, true, .write, "an access control list lets others write to /f"),
            (0, 0, 0o646, false, .write, "everybody may write to /f"),
            (7, 0, 0o600, false, .write, nil), (8, 0, 0o400, false, .write, "/f belongs to user 8"),
            (0, 0, 0o644, false, .read, "everybody may read /f"), (0, 5, 0o640, false, .read, "group 5 may read /f"),
            (0, 0, 0o640, false, .read, nil), (0, 0, 0o711, false, .search, "everybody may look into /f"),
            (0, 5, 0o710, false, .search, "group 5 may look into /f"), (7, 5, 0o700, false, .search, nil),
        ] as [(UInt32, UInt32, UInt32, Bool, Right, String?)]
    )
    func untrustedUser(owner: UInt32, group: UInt32, mode: UInt32, acl: Bool, right: Right, expected: String?) {
        let access = FileAccess(path: "/f", owner: owner, group: group, mode: mode, hasACL: acl)
        #expect(access.untrustedUser(with: right, besides: [7]) == expected)
    }

    @Test("is read from the disk, with access control lists")
    func real() throws {
        let directory = try TemporaryDirectory("access")
        let path = try directory.write([], to: "f")
        try #require(unsafe chmod(path, 0o664) == 0)
        let access = try FileAccess(ofPath: path)
        #expect(access.mode == S_IFREG | 0o664)
        #expect(access.owner == geteuid())
        #expect(access.isRegular && !access.hasACL)
        #expect(throws: PathError(path: "\(path)x", number: ENOENT)) { try FileAccess(ofPath: "\(path)x") }
        // user::rw- user:1:rw- group::r-- mask::rw- other::r--, as acl(5) stores it.
        let list =
            "import os,struct,sys; e=lambda t,p,i=0xFFFFFFFF: struct.pack('<HHI',t,p,i); "
            + "os.setxattr(sys.argv[1],'system.posix_acl_access',"
            + "struct.pack('<I',2)+e(1,6)+e(2,6,1)+e(4,4)+e(16,6)+e(32,4))"
        try runTool("python3", ["-c", list, path])
        #expect(try FileAccess(ofPath: path).hasACL)
    }
}

@Suite("The way to a file")
struct PathWalkTests {
    let directory: TemporaryDirectory
    let base: String

    init() throws {
        directory = try TemporaryDirectory("walk")
        base = try PathWalk(to: directory.path).end.path
        for name in ["a", "b", "b/c"] { try #require(unsafe mkdir(directory.file(name), 0o755) == 0) }
        try directory.write([], to: "b/c/file")
    }

    func link(_ target: String, _ name: String) throws {
        try #require(unsafe symlink(target, directory.file(name)) == 0)
    }

    /// The directories below the test's own.
    func way(_ path: String) throws -> [String] {
        let walk = try PathWalk(to: path)
        #expect(walk.directories.first?.path == "/")
        return (walk.directories + [walk.end]).map(\.path).filter { $0.hasPrefix("\(base)/") }
            .map { String($0.dropFirst(base.utf8.count + 1)) }
    }

    @Test("is all its directories, those behind links too")
    func links() throws {
        #expect(try way("\(base)/b/c/file") == ["b", "b/c", "b/c/file"])
        #expect(try way("\(base)//./b/./c/file") == ["b", "b/c", "b/c/file"])
        #expect(try way("\(base)/a/../b/c/file") == ["a", "b", "b/c", "b/c/file"])
        try link("../b/c", "a/relative")
        #expect(try way("\(base)/a/relative/file") == ["a", "b", "b/c", "b/c/file"])
        try link("\(base)/a/relative/file", "absolute")
        #expect(try way("\(base)/absolute") == ["a", "b", "b/c", "b/c/file"])
        #expect(try way("\(base)/b") == ["b", "b"])
        #expect(try PathWalk(to: "/../..").end.path == "/")
        #expect(try PathWalk(to: ".").end.path == realPath("."))
    }

    @Test("ends as the kernel's does")
    func ends() throws {
        try link("loop", "loop")
        #expect(throws: PathError(path: "\(base)/loop", number: ELOOP)) { try PathWalk(to: "\(base)/loop") }
        #expect(throws: PathError(path: "\(base)/no", number: ENOENT)) { try PathWalk(to: "\(base)/no/file") }
        #expect(throws: PathError(path: "\(base)/b/c/file", number: ENOTDIR)) {
            try PathWalk(to: "\(base)/b/c/file/x")
        }
        for name in ["usr/bin/cc", "etc/mtab", "proc/self/exe"] {
            #expect(try PathWalk(to: "/\(name)").end.path == realPath("/\(name)"))
        }
    }

    @Test("is everybody's where one directory on it is, and a sticky one only if told")
    func untrustedWriters() throws {
        let user = geteuid()
        try #require(unsafe chmod(directory.file("b/c/file"), 0o644) == 0)
        try link("\(base)/b/c/file", "a/link")
        #expect(try PathWalk(to: "\(base)/a/link").untrustedWriter(besides: [user], sticky: true) == nil)
        for name in ["a", "b/c", "b/c/file"] {
            try #require(unsafe chmod(directory.file(name), 0o777) == 0)
            let walk = try PathWalk(to: "\(base)/a/link")
            #expect(walk.untrustedWriter(besides: [user], sticky: true) == "everybody may write to \(base)/\(name)")
            try #require(unsafe chmod(directory.file(name), 0o1777) == 0)
            let sticky = try PathWalk(to: "\(base)/a/link")
            #expect((sticky.untrustedWriter(besides: [user], sticky: true) == nil) == (name != "b/c/file"))
            #expect(sticky.untrustedWriter(besides: [user]) != nil)
            try #require(unsafe chmod(directory.file(name), 0o755) == 0)
        }
    }

    private func realPath(_ path: String) throws -> String {
        guard let pointer = unsafe realpath(path, nil) else { throw PathError(path: path, number: errno) }
        defer { unsafe free(pointer) }
        return unsafe String(cString: pointer)
    }

    @Test("of a file that a link or '..' leads to out of a closed directory")
    func wayOut() throws {
        let (closed, open) = (try TemporaryDirectory("closed"), try TemporaryDirectory("open"))
        try #require(unsafe chmod(open.path, 0o777) == 0)
        let file = try open.write("x".utf8, to: "ca.pem")
        try #require(unsafe chmod(file, 0o666) == 0)
        let link = closed.file("link.pem")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file)
        let name = URL(filePath: open.path).lastPathComponent
        for path in [file, link, "\(closed.path)/../\(name)/ca.pem"] {
            #expect(othersMayWrite(to: path)?.contains(open.path) == true, "\(path)")
            #expect(othersMayRead(path)?.contains("everybody may read \(file)") == true, "\(path)")
        }
        let own = try closed.write("x".utf8, to: "own.pem")
        try #require(unsafe chmod(own, 0o666) == 0)
        #expect(othersMayWrite(to: own) == nil && othersMayRead(own) == nil)
    }
}
