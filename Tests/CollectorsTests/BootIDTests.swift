import Collectors
import PostureModel
import Testing

@Suite("The id of this boot")
struct BootIDTests {
    @Test("is a UUID in lower case")
    func uuid() throws {
        let files = try TemporaryRoot(["proc/sys/kernel/random/boot_id": "1B3F6E52-8d0a-4c77-9e1f-20a4c5d6e7f8\n"])
        let root = try files.root()
        #expect(root.bootID() == .observed("1b3f6e52-8d0a-4c77-9e1f-20a4c5d6e7f8"))
    }

    @Test(
        "is unreadable in any other form",
        arguments: [
            "", "1b3f6e528d0a4c779e1f20a4c5d6e7f8", "1b3f6e52-8d0a-4c77-9e1f-20a4c5d6e7f",
            "1b3f6e52-8d0a-4c77-9e1f-20a4c5d6e7fg", "1b3f6e52-8d0a-4c77-9e1f-20a4c5d6e7f8-",
            "1b3f6e52-8d0a4-c77-9e1f-20a4c5d6e7f8", "1b3f6e52-8d0a-4c77-9e1f-20a4c5d6e7ü",
        ]
    )
    func malformed(text: String) throws {
        let files = try TemporaryRoot(["proc/sys/kernel/random/boot_id": text])
        let root = try files.root()
        #expect(root.bootID() == .unreadable(reason: "/proc/sys/kernel/random/boot_id: not a UUID"))
    }

    @Test("is unreadable where a sandbox hides it")
    func hidden() throws {
        let files = try TemporaryRoot(["proc/sys/kernel/hostname": "a"])
        let root = try files.root()
        let reason = "/proc/sys/kernel/random/boot_id: no such file or directory"
        #expect(root.bootID() == .unreadable(reason: reason))
    }
}
