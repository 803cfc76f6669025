import Foundation
import TestSupport
import Testing

@testable import Watching

@Suite("A watcher", .timeLimit(.minutes(5)))
struct WatcherTests {
    @Test("ends its changes when it goes, after what was not fetched yet, and leaves no descriptor behind")
    func release() async {
        await #expect(processExitsWith: .success) {
            let directory = try TemporaryDirectory("watcher")
            let path = directory.file("new")
            let before = try descriptors()
            for _ in 0..<100 {
                var watcher: ChangeWatcher? = try ChangeWatcher(files: [path])
                let changes = try #require(watcher?.changes)
                _ = watcher
                watcher = nil
                for await some in changes { Issue.record("\(some)") }
            }
            // The thread goes a little after its last word; the sleep has descriptors of its own.
            for _ in 0..<6000 where try descriptors() > before + 10 { try await Task.sleep(for: .milliseconds(10)) }
            #expect(try descriptors() <= before + 10)
        }
    }

    @Test("does not wake up without an event")
    func idle() async {
        await #expect(processExitsWith: .success) {
            let directory = try TemporaryDirectory("watcher")
            // What else comes and goes among temporary files is two levels up.
            try runTool("mkdir", ["-p", directory.file("etc/postured")])
            let path = directory.file("etc/postured")
            let watcher = try ChangeWatcher(files: [path])
            // Beside this test others have their events, such as a host name's, which everybody is told.
            var before: [String: String] = [:]
            var after = before
            for _ in 0..<60 where before.isEmpty || after != before {
                before = try sleepers()
                // Nothing to wait for: it is the time in which nothing happens.
                try await Task.sleep(for: .seconds(2))
                after = try sleepers()
            }
            #expect(before.count == 1 && after == before)
            try directory.write([], to: "etc/postured/new")
            for await some in watcher.changes {
                #expect(some == [.file(path: path)])
                break
            }
            #expect(try sleepers() != before)
        }
    }
}

/// How many descriptors this process has.
private func descriptors() throws -> Int { try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count }

/// The threads that are in poll(2), and how often each has gone to sleep.
private func sleepers() throws -> [String: String] {
    var sleepers: [String: String] = [:]
    for thread in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task") {
        // Its number is 7 on amd64; on arm64 it is ppoll(2) with 73.
        guard let call = try? String(decoding: contents(of: "/proc/self/task/\(thread)/syscall"), as: UTF8.self),
            ["7", "73"].contains(call.prefix { $0 != " " })
        else { continue }
        let status = String(decoding: try contents(of: "/proc/self/task/\(thread)/status"), as: UTF8.self)
        sleepers[thread] = status.split(separator: "\n").first { $0.hasPrefix("voluntary") }.map(String.init)
    }
    return sleepers
}
