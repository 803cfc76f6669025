import Collectors
import PostureModel
import Testing

@Suite("Host names")
struct HostnamesTests {
    @Test("of the kernel and of /etc/hostname are facts of their own")
    func both() throws {
        let files = try TemporaryRoot(["proc/sys/kernel/hostname": "now\n", "etc/hostname": "chosen\n"])
        let root = try files.root()
        #expect(root.kernelHostname() == .observed("now"))
        #expect(root.staticHostname() == .observed("chosen"))
    }

    @Test(
        "in /etc/hostname are the first line that is neither blank nor a comment",
        arguments: [
            ("a\n", "a"), ("a", "a"), ("  a \r\n", "a"), ("\n\n# comment\n  # another\n\t\na\nb\n", "a"),
        ]
    )
    func firstLine(file: String, name: String) throws {
        let files = try TemporaryRoot(["etc/hostname": file])
        let root = try files.root()
        #expect(root.staticHostname() == .observed(name))
    }

    @Test("do not apply where nobody chose one", arguments: ["", "\n", "# a\n"])
    func none(file: String) throws {
        let files = try TemporaryRoot(["etc/hostname": file, "proc/sys/kernel/hostname": "(none)\n"])
        let root = try files.root()
        #expect(root.staticHostname() == .notApplicable(reason: "/etc/hostname has no host name"))
        #expect(root.kernelHostname() == .notApplicable(reason: "the kernel has no host name"))
    }

    @Test("are unreadable where permission is missing")
    func denied() throws {
        let files = try TemporaryRoot(["etc/hostname": "a"])
        let root = try files.root(denying: ["etc/hostname"])
        let reason = "/etc/hostname: permission denied (run as root, or give CAP_DAC_READ_SEARCH)"
        #expect(root.staticHostname() == .unreadable(reason: reason))
    }

    @Test("are bounded")
    func bounded() throws {
        let long = String(repeating: "a", count: 1000)
        let files = try TemporaryRoot(["proc/sys/kernel/hostname": long, "etc/hostname": long])
        let root = try files.root()
        #expect(root.kernelHostname().value?.count == 256)
        #expect(root.staticHostname().value?.count == 256)
    }
}
