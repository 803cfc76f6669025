import Collectors
import PostureModel
import Testing

@Suite("Serial numbers")
struct SerialNumbersTests {
    @Test("are taken without the white space around them, and labelled with their source")
    func values() throws {
        let root = try Machine("laptop-warp").root()
        let serials = SerialNumbers(host: root)
        #expect(serials.product == .observed(SerialNumber("PF0FAKE1")))
        #expect(serials.board == .observed(SerialNumber("L1HF0FAKE01")))
        #expect(serials.chassis == .observed(SerialNumber("PF0FAKE1")))
    }

    @Test("that nobody filled in are observed, as junk")
    func junk() throws {
        let root = try Machine("kvm-guest").root()
        let serials = SerialNumbers(host: root)
        #expect(serials.product.value?.junkReason == "a placeholder of the firmware's vendor")
        #expect(serials.board == .notApplicable(reason: "the firmware gives no board serial"))
        #expect(serials.chassis == .observed(SerialNumber("")))
        #expect(serials.best == nil)
    }

    @Test("do not apply to a machine without DMI")
    func noDMI() throws {
        let root = try Machine("arm-board").root()
        let reason = "the firmware has no DMI (no /sys/class/dmi/id)"
        #expect(SerialNumbers(host: root).product == .notApplicable(reason: reason))
    }

    @Test("are unreadable, never absent, where permission is missing")
    func denied() throws {
        let root = try Machine("laptop-without-root").root()
        let reason =
            "/sys/class/dmi/id/board_serial: permission denied (run as root, or give CAP_DAC_READ_SEARCH)"
        #expect(SerialNumbers(host: root).board == .unreadable(reason: reason))
    }

    @Test("are unreadable, never inapplicable, where the directory cannot be reached", arguments: ["sys", "sys/class"])
    func closedDirectory(denied: String) throws {
        let files = try TemporaryRoot(["sys/class/dmi/id/product_serial": "PF0FAKE1\n"])
        let root = try files.root(denying: [denied])
        let reason = "/sys/class/dmi/id: permission denied (run as root, or give CAP_DAC_READ_SEARCH)"
        #expect(SerialNumbers(host: root).product == .unreadable(reason: reason))
    }

    @Test("are unreadable where sysfs is not mounted")
    func noSysfs() throws {
        let files = try TemporaryRoot(["etc/hostname": "a"])
        let root = try files.root()
        let reason = "/sys/class: no such file or directory"
        #expect(SerialNumbers(host: root).chassis == .unreadable(reason: reason))
    }

    @Test("are bounded")
    func bounded() throws {
        let long = String(repeating: "7A", count: 1000)
        let files = try TemporaryRoot(["sys/class/dmi/id/product_serial": long])
        let root = try files.root()
        #expect(SerialNumbers(host: root).product.value?.value.count == 256)
    }
}
