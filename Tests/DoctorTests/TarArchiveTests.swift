import Foundation
import TestSupport
import Testing

@testable import Doctor

@Suite("A tar archive", .timeLimit(.minutes(5)))
struct TarArchiveTests {
    @Test("is read by tar, byte for byte", arguments: [0, 1, 511, 512, 513, 10_000])
    func read(size: Int) throws {
        let directory = try TemporaryDirectory("tar")
        let text = String(repeating: "x", count: size)
        var archive = TarArchive(at: 1_800_000_000)
        archive.add("a/first.txt", text)
        archive.add("a/second.txt", "second")
        let path = try directory.write(archive.whole, to: "a.tar")
        #expect(try runProgram("tar", ["-xOf", path, "a/first.txt"]).output == text)
        #expect(try runProgram("tar", ["-xOf", path, "a/second.txt"]).output == "second")
        let list = try runProgram("tar", ["--utc", "--full-time", "-tvf", path])
        #expect(list.errors.isEmpty && list.status == 0)
        #expect(
            list.output.contains("-rw------- root/root") && list.output.contains("2027-01-15 08:00:00 a/second.txt")
        )
    }

    @Test("cuts what is too long, and says so")
    func long() {
        var archive = TarArchive(at: 0)
        archive.add("a", String(repeating: "x", count: TarArchive.memberLimit + 1))
        #expect(archive.whole.count < TarArchive.memberLimit + 4096)
        #expect(String(decoding: archive.whole, as: UTF8.self).contains("(cut here)"))
    }
}
