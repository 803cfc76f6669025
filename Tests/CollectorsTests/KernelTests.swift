import Collectors
import PostureModel
import Testing

@Suite("The kernel's release")
struct KernelTests {
    @Test("is that of /proc")
    func release() throws {
        let root = try Machine("dell-server").root()
        #expect(root.kernelRelease() == .observed("6.1.0-37-amd64"))
    }

    @Test("is unreadable where the file is empty")
    func empty() throws {
        let files = try TemporaryRoot(["proc/sys/kernel/osrelease": "\n"])
        let root = try files.root()
        #expect(root.kernelRelease() == .unreadable(reason: "/proc/sys/kernel/osrelease: empty"))
    }

    @Test("is bounded")
    func bounded() throws {
        let files = try TemporaryRoot(["proc/sys/kernel/osrelease": String(repeating: "6", count: 1000)])
        let root = try files.root()
        #expect(root.kernelRelease().value?.count == 256)
    }
}
