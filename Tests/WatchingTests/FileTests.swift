import Foundation
import Glibc
import TestSupport
import Testing

@testable import Watching

@Suite("A file that is watched", .timeLimit(.minutes(5)))
struct FileTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory("files")
        try sh(
            "mkdir -p dir other; echo old > dir/file; echo old > dir/neighbour; echo new > other/file; ln -s dir link"
        )
    }

    private func sh(_ script: String) throws {
        try runTool("sh", ["-e", "-c", "cd '\(directory.path)'; \(script)"])
    }

    @Test(
        "changed when it was",
        arguments: [
            "echo new > dir/file", "echo more >> dir/file", "rm dir/file", "chmod 600 dir/file", "mv dir/file other/a",
            "echo new > dir/file~; mv dir/file~ dir/file", "ln -f other/file dir/file", "ln -sf ../other/file dir/file",
            "rm -r dir", "mv dir moved", "mv dir moved; mv other dir", "chmod 711 dir",
        ]
    )
    func changed(script: String) async throws {
        let file = directory.file("dir/file")
        let watched = try Watched([file])
        #expect(watched.unwatched.isEmpty)
        #expect(try await watched.changes { try sh(script) } == [.file(path: file)])
    }

    @Test(
        "did not change when it was read, or what is beside it changed",
        arguments: [
            "cat dir/file", "stat dir/file; test -w dir/file", "ls -l dir", ": <> dir/neighbour",
            "echo new > dir/neighbour",
            "rm dir/neighbour", "mkdir dir/new", "echo new > other/file", "touch beside",
        ]
    )
    func unchanged(script: String) async throws {
        let watched = try Watched([directory.file("dir/file")])
        #expect(try await watched.changes { try sh(script) } == [])
    }

    @Test("is noticed when it comes, with each directory above it, and again when these went and came back")
    func later() async throws {
        let file = directory.file("a/b/c")
        let watched = try Watched([file])
        #expect(watched.unwatched.isEmpty)
        let steps = ["mkdir a", "mkdir a/b", "echo > a/b/c", "echo > a/b/c", "rm -r a", "mkdir -p a/b", "echo > a/b/c"]
        for step in steps {
            #expect(try await watched.changes { try sh(step) } == [.file(path: file)], "\(step)")
        }
        #expect(try await watched.changes { try sh("mv a old; mkdir -p a/b") } == [.file(path: file)])
        #expect(try await watched.changes { try sh("echo > old/b/c") } == [])
        #expect(try await watched.changes { try sh("echo > a/b/c") } == [.file(path: file)])
    }

    @Test("is noticed to go and to come back while somebody stays in a directory that went")
    func held() async throws {
        let file = directory.file("a/b/c")
        try sh("mkdir -p a/b")
        let watched = try Watched([file])
        let held = ["a", "a/b"].map { unsafe open(directory.file($0), O_RDONLY | O_CLOEXEC) }
        defer { held.forEach { _ = close($0) } }
        #expect(try await watched.changes { try sh("rm -r a") } == [.file(path: file)])
        #expect(try await watched.changes { try sh("mkdir -p a/b") } == [.file(path: file)])
    }

    @Test("is followed through symbolic links, and where these point to when they change")
    func links() async throws {
        let file = directory.file("link/file")
        let watched = try Watched([file])
        #expect(try await watched.changes { try sh("echo > dir/file") } == [.file(path: file)])
        #expect(try await watched.changes { try sh("ln -sfn '\(directory.path)/other' link") } == [.file(path: file)])
        #expect(try await watched.changes { try sh("echo > dir/file") } == [])
        #expect(try await watched.changes { try sh("echo > other/file") } == [.file(path: file)])
        #expect(try await watched.changes { try sh("ln -sf ../dir/neighbour other/file") } == [.file(path: file)])
        #expect(try await watched.changes { try sh("echo > dir/neighbour") } == [.file(path: file)])
    }

    @Test("that is a directory changed when something in it did, and not when that was read")
    func wholeDirectory() async throws {
        let path = directory.file("dir")
        let watched = try Watched([path, directory.file("dir/file")])
        let both: Set<Change> = [.file(path: path), .file(path: directory.file("dir/file"))]
        #expect(try await watched.changes { try sh("ls dir; cat dir/*") } == [])
        #expect(try await watched.changes { try sh("touch dir/new") } == [.file(path: path)])
        #expect(try await watched.changes { try sh("echo > dir/file") } == both)
        #expect(try await watched.changes { try sh("rm -r dir") } == both)
        #expect(try await watched.changes { try sh("mkdir dir") } == both)
        #expect(try await watched.changes { try sh("touch dir/new") } == [.file(path: path)])
    }

    @Test("may have changed when the kernel lost count")
    func overflow() throws {
        let files = [directory.file("dir/file"), directory.file("other/file")]
        var changes = try FileChanges(files)
        let text = String(decoding: try contents(of: "/proc/sys/fs/inotify/max_queued_events"), as: UTF8.self)
        let limit = try #require(Int(text.dropLast()))
        // One after the other: the kernel drops an event that is the same as the last.
        for number in 0...limit { unsafe chmod(directory.file(number % 2 == 0 ? "dir/file" : "dir/neighbour"), 0o600) }
        var changed: Set<String> = []
        while case let more = changes.changed(), !more.isEmpty { changed.formUnion(more) }
        #expect(changed == Set(files))
    }

    @Test("cannot be by a path that is relative, or goes round in circles")
    func nonsense() throws {
        try sh("ln -s round round")
        let round = directory.file("round/file")
        let watched = try Watched(["dir/file", round])
        #expect(Set(watched.unwatched.map(\.code)) == [EINVAL, ELOOP])
        #expect(watched.unwatched.contains { "\($0)" == "dir/file is not watched: invalid argument" })
    }

    @Test(
        "in a directory that its user may not look into is unwatched, until that changes",
        .enabled(if: geteuid() == 0, "only root can become somebody else")
    )
    func closed() async {
        await #expect(processExitsWith: .success) {
            let directory = try TemporaryDirectory("closed")
            let database = directory.file("nssdb")
            try runTool("mkdir", ["-m", "700", database])
            let script = """
                cd '\(directory.path)'
                until [ -e open ]; do sleep 0.02; done
                chmod 755 nssdb
                until [ -e write ]; do sleep 0.02; done
                touch nssdb/new
                """
            unsafe chmod(directory.path, 0o777)
            let owner = try Program("sh", ["-e", "-c", script])
            try #require(setuid(65534) == 0)
            let watched = try Watched([database])
            #expect(watched.unwatched == [Unwatched(what: database, code: EACCES)])
            #expect(watched.unwatched.first?.reason == "permission denied")
            for step in ["open", "write"] {
                try runTool("touch", [directory.file(step)])
                _ = try await watched.changes(through: .file(path: database))
            }
            #expect(owner.errors.isEmpty)
        }
    }
}
