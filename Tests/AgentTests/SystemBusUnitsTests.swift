import Collectors
import Glibc
import PostureModel
import SystemdBridge
import Testing

@testable import Agent

@Suite("The service manager's units", .timeLimit(.minutes(5)))
struct SystemBusUnitsTests {
    private func states(of bus: FakeBus, milliseconds: Int = 60_000) throws -> [String: UnitState] {
        try SystemBus(address: bus.address, milliseconds: milliseconds)
            .states(of: ["ufw.service", "warp-svc.service"])
    }

    @Test("have the states that it says, and are left out where it has none of the name")
    func states() throws {
        let bus = try FakeBus(
            .units([
                ("ufw.service", "loaded", "active"), ("warp-svc.service", "not-found", "inactive"),
                ("a.service", "masked", "inactive"), ("b.service", "loaded", "failed"),
                ("c.service", "loaded", "activating"), ("d.service", "loaded", "deactivating"),
                ("e.service", "loaded", "reloading"), ("f.service", "loaded", "new in 2030"),
            ])
        )
        let expected: [String: UnitState] = [
            "ufw.service": .active, "a.service": .inactive, "b.service": .failed, "c.service": .changing,
            "d.service": .changing, "e.service": .active, "f.service": .unknown,
        ]
        #expect(try states(of: bus) == expected)
        #expect(try states(of: FakeBus(.units([]))) == [:])
    }

    @Test("are asked for without starting anything")
    func noAutoStart() throws {
        let bus = try FakeBus(.units([]))
        _ = try states(of: bus)
        #expect(bus.flags.map { $0 & 2 } == [2])
    }

    @Test("cannot be told without a bus")
    func noBus() throws {
        let error = #expect(throws: UnitError.self) {
            try SystemBus(address: "unix:path=/nonexistent/socket").states(of: ["ufw.service"])
        }
        #expect(error?.description == "no system bus")
    }

    @Test("are waited for only so long, whether the bus or the service manager is silent", arguments: [true, false])
    func silence(isBusSilent: Bool) throws {
        let bus = try FakeBus(isBusSilent ? .silent : .mute)
        let started = ContinuousClock.now
        let error = #expect(throws: UnitError.self) { try states(of: bus, milliseconds: 300) }
        #expect(error?.description == "the service manager does not answer")
        // libsystemd itself would wait for 25 seconds and more.
        #expect(ContinuousClock.now - started < .seconds(20))
    }

    @Test(
        "cannot be told where nobody has the service manager's name, or it refuses",
        arguments: [
            ("org.freedesktop.DBus.Error.ServiceUnknown", "no service manager on the system bus"),
            ("org.freedesktop.DBus.Error.NameHasNoOwner", "no service manager on the system bus"),
            ("org.freedesktop.DBus.Error.AccessDenied", "service manager: permission denied"),
        ]
    )
    func refused(name: String, reason: String) throws {
        let bus = try FakeBus(.error(name))
        let error = #expect(throws: UnitError.self) { try states(of: bus) }
        #expect(error?.description == reason)
    }

    @Test("cannot be told from what is no message, and nothing crashes")
    func garbage() throws {
        let bus = try FakeBus(.garbage)
        #expect(throws: UnitError.self) { try states(of: bus, milliseconds: 2000) }
    }
}
