import Collectors
import FoundationEssentials
import PostureModel
import Testing

@Suite("Secure Boot and TPM")
struct BootProtectionTests {
    private static let efivars = "sys/firmware/efi/efivars"
    private static let global = "8be4df61-93ca-11d2-aa0d-00e098032b8c"
    private static let shim = "605dab50-e046-4300-abb6-3dd810dd8b23"

    /// A machine whose firmware has these variables, each of four bytes of attributes and this value.
    private func firmware(_ variables: [String: [UInt8]], denying denied: Set<String> = []) throws
        -> Observation<SecureBoot>
    {
        let files = try TemporaryRoot()
        for (name, value) in variables { try files.write(Data([6, 0, 0, 0] + value), to: "\(Self.efivars)/\(name)") }
        let root = try files.root(denying: denied)
        return root.secureBoot()
    }

    @Test(
        "is enforced where it is enabled, not in setup mode, and shim validates too",
        arguments: [
            (UInt8(1), UInt8?(0), UInt8?.none, SecureBoot.enabled), (1, nil, nil, .enabled), (1, 0, 0, .enabled),
            (0, 0, nil, .disabled), (1, 1, nil, .setup), (0, 1, nil, .setup), (1, 0, 1, .disabled),
            (2, 0, nil, .disabled),
        ]
    )
    func states(secureBoot: UInt8, setupMode: UInt8?, notValidated: UInt8?, expected: SecureBoot) throws {
        var variables = ["SecureBoot-\(Self.global)": [secureBoot]]
        variables["SetupMode-\(Self.global)"] = setupMode.map { [$0] }
        variables["MokSBStateRT-\(Self.shim)"] = notValidated.map { [$0] }
        #expect(try firmware(variables) == .observed(expected))
    }

    @Test("does not apply without UEFI, or where the firmware has no such thing")
    func notApplicable() throws {
        let bios = try TemporaryRoot(["sys/firmware/acpi/tables/DSDT": ""])
        let root = try bios.root()
        #expect(root.secureBoot() == .notApplicable(reason: "not booted by UEFI (no /sys/firmware/efi)"))
        let other = try firmware(["BootOrder-\(Self.global)": [0, 0]])
        #expect(other == .notApplicable(reason: "the firmware has no Secure Boot"))
    }

    @Test("cannot be told where the variables are not mounted, may not be read, or make no sense")
    func unreadable() throws {
        let unmounted = try TemporaryRoot(["sys/firmware/efi/fw_platform_size": "64"])
        let root = try unmounted.root()
        #expect(root.secureBoot() == .unreadable(reason: "/sys/firmware/efi/efivars: not mounted"))
        let name = "SecureBoot-\(Self.global)"
        #expect(try firmware([name: [1]], denying: [Self.efivars]).value == nil)
        #expect(try firmware([name: [1]], denying: ["\(Self.efivars)/\(name)"]).value == nil)
        for value: [UInt8] in [[], [1, 1]] {
            guard case .unreadable = try firmware([name: value]) else { Issue.record("\(value)"); continue }
        }
        let noSysfs = try TemporaryRoot()
        let empty = try noSysfs.root()
        #expect(empty.secureBoot() == .unreadable(reason: "/sys/firmware: no such file or directory"))
    }

    private func tpm(_ files: [String: String], denying denied: Set<String> = []) throws -> Observation<TPM> {
        let files = try TemporaryRoot(files)
        let root = try files.root(denying: denied)
        return root.tpm()
    }

    @Test("the TPM has the version that the kernel found")
    func versions() throws {
        #expect(try tpm(["sys/class/tpm/tpm0/tpm_version_major": "2\n"]) == .observed(.version2))
        #expect(try tpm(["sys/class/tpm/tpm0/tpm_version_major": "1\n"]) == .observed(.version1))
    }

    @Test("a machine without a TPM has none")
    func noTPM() throws {
        #expect(try tpm(["sys/class/net/lo/type": "772"]) == .observed(.none))
    }

    @Test("a TPM that is not driven, not to be read, or of another kind is not an absent one")
    func unknownTPM() throws {
        let version = "sys/class/tpm/tpm0/tpm_version_major"
        let reason = "the firmware has a TPM, and the kernel does not drive it"
        let undriven = ["sys/class/net/lo/type": "772", "sys/firmware/acpi/tables/TPM2": ""]
        #expect(try tpm(undriven) == .unreadable(reason: reason))
        #expect(try tpm([version: "2\n"], denying: [version]).value == nil)
        #expect(try tpm([version: "3\n"]).value == nil)
        #expect(try tpm(["sys/class/tpm/tpm0/dev": "10:224"]).value == nil)
        #expect(try tpm([:]) == .unreadable(reason: "/sys/class: no such file or directory"))
    }
}
