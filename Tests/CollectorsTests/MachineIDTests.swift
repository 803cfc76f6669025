import PostureModel
import Testing

@testable import Collectors

@Suite("The machine id")
struct MachineIDTests {
    @Test("is what systemd-id128 derives of machine-id(5) for postured")
    func vector() throws {
        // python3: hmac.new(bytes.fromhex(machine id), bytes.fromhex(application id), "sha256").hexdigest()
        // is c2577953a0be0245e6b80cc05009a0060200227314a102a898b21e8f5edd4acc; then version and variant.
        let files = try TemporaryRoot(["etc/machine-id": "00112233445566778899aabbccddeeff\n"])
        let root = try files.root()
        #expect(root.machineID() == .observed("c2577953a0be4245a6b80cc05009a006"))
    }

    @Test("does not apply before it is initialised", arguments: ["", "\n", "uninitialized\n", zeros])
    func uninitialised(text: String) throws {
        let files = try TemporaryRoot(["etc/machine-id": text])
        let root = try files.root()
        let reason = "machine-id(5) is not initialised"
        #expect(root.machineID() == .notApplicable(reason: reason))
    }

    @Test(
        "is unreadable when it is none",
        arguments: [
            "0011223344", "00112233445566778899aabbccddeeff00", "00112233445566778899aabbccddeefg",
            "00112233-4455-6677-8899-aabbccddeeff", "00112233445566778899aabbccddeeü",
        ]
    )
    func malformed(text: String) throws {
        let files = try TemporaryRoot(["etc/machine-id": text])
        let root = try files.root()
        let reason = "/etc/machine-id: not 32 hex digits"
        #expect(root.machineID() == .unreadable(reason: reason))
    }

    @Test("is unreadable without a hash function, and where permission is missing")
    func unreadable() throws {
        let files = try TemporaryRoot(["etc/machine-id": "00112233445566778899aabbccddeeff\n"])
        let root = try files.root()
        #expect(root.machineID { _, _ in [] } == .unreadable(reason: "HMAC-SHA256 is not to be had"))
        let closed = try files.root(denying: ["etc/machine-id"])
        let reason = "/etc/machine-id: permission denied (run as root, or give CAP_DAC_READ_SEARCH)"
        #expect(closed.machineID() == .unreadable(reason: reason))
    }

    @Test("never leaves the machine itself")
    func confidential() throws {
        let facts = try Machine("dell-server").facts()
        #expect(!"\(facts)".contains("00112233445566778899aabbccddeeff"))
    }
}

private let zeros = String(repeating: "0", count: 32)
