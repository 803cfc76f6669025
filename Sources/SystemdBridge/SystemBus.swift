internal import CSystemd
internal import Glibc

/// The service manager, as it answers on the system bus (sd-bus(3)).
///
/// - SeeAlso: <https://www.freedesktop.org/software/systemd/man/latest/org.freedesktop.systemd1.html>
package struct SystemBus: Sendable {
    private let address: String
    private let milliseconds: Int

    /// Creates a bus at a D-Bus address; each question opens a connection of its own, and all of it takes so many
    /// milliseconds at most.
    package init(address: String = "unix:path=/run/dbus/system_bus_socket", milliseconds: Int = 2000) {
        self.address = address
        self.milliseconds = milliseconds
    }

    /// The `ActiveState` of each of the units that the service manager knows, such as `active`.
    ///
    /// Nothing is started: neither a unit nor, where there is none, a service manager. A unit without a file is left out.
    ///
    /// - Throws: ``Failure`` with `ENOENT` where there is no bus, and `ETIMEDOUT` where nobody answers in time.
    package func activeStates(of units: [String]) throws(Failure) -> [String: String] {
        let deadline = ContinuousClock.now + .milliseconds(milliseconds)
        var bus: OpaquePointer?
        try unsafe check(sd_bus_new(&bus))
        defer { unsafe sd_bus_close_unref(bus) }
        try unsafe check(sd_bus_set_address(bus, address))
        try unsafe check(sd_bus_set_bus_client(bus, 1))
        try unsafe check(sd_bus_start(bus))
        // sd_bus_call(3) would wait for the handshake, and for longer than anybody here does.
        while unsafe try check(sd_bus_is_ready(bus)) == 0 {
            if unsafe try check(sd_bus_process(bus, nil)) > 0 { continue }
            try unsafe check(sd_bus_wait(bus, microseconds(until: deadline)))
        }
        let reply = try unsafe ask(bus, units, deadline)
        defer { unsafe sd_bus_message_unref(reply) }
        return try unsafe states(in: reply)
    }

    /// Why there is no answer.
    package struct Failure: Error, Equatable, Sendable {
        /// The errno that libsystemd gave.
        package let code: CInt
    }

    private func ask(_ bus: OpaquePointer?, _ units: [String], _ deadline: ContinuousClock.Instant) throws(Failure)
        -> OpaquePointer?
    {
        var call: OpaquePointer?
        defer { unsafe sd_bus_message_unref(call) }
        let name = "org.freedesktop.systemd1"
        try unsafe check(
            sd_bus_message_new_method_call(
                bus,
                &call,
                name,
                "/org/freedesktop/systemd1",
                "\(name).Manager",
                "ListUnitsByNames"
            )
        )
        try unsafe check(sd_bus_message_set_auto_start(call, 0))
        var names: [UnsafeMutablePointer<CChar>?] = unsafe units.map { unsafe strdup($0) }
        unsafe names.append(nil)
        defer { unsafe names.forEach { unsafe free($0) } }
        try unsafe check(sd_bus_message_append_strv(call, &names))
        var reply: OpaquePointer?
        try unsafe check(sd_bus_call(bus, call, microseconds(until: deadline), nil, &reply))
        return unsafe reply
    }

    /// Reads `a(ssssssouso)`: name, description, load state, active state, and what nobody here wants.
    private func states(in reply: OpaquePointer?) throws(Failure) -> [String: String] {
        var states: [String: String] = [:]
        let (array, structure) = (CChar(UInt8(ascii: "a")), CChar(UInt8(ascii: "r")))
        try unsafe check(sd_bus_message_enter_container(reply, array, "(ssssssouso)"))
        while unsafe try check(sd_bus_message_enter_container(reply, structure, "ssssssouso")) > 0 {
            let name = try unsafe string(in: reply)
            try unsafe check(sd_bus_message_skip(reply, "s"))
            let load = try unsafe string(in: reply)
            let active = try unsafe string(in: reply)
            try unsafe check(sd_bus_message_skip(reply, "ssouso"))
            try unsafe check(sd_bus_message_exit_container(reply))
            if load != "not-found" { states[name] = active }
        }
        return states
    }

    private func string(in reply: OpaquePointer?) throws(Failure) -> String {
        var text: UnsafePointer<CChar>?
        try unsafe check(sd_bus_message_read_basic(reply, CChar(UInt8(ascii: "s")), &text))
        guard let text = unsafe text else { throw Failure(code: EBADMSG) }
        return unsafe String(cString: text)
    }

    /// What is left until the deadline; 0 would mean the library's own patience.
    private func microseconds(until deadline: ContinuousClock.Instant) throws(Failure) -> UInt64 {
        let left = (deadline - .now) / .microseconds(1)
        guard left >= 1 else { throw Failure(code: ETIMEDOUT) }
        return UInt64(left)
    }

    /// The result of a call of libsystemd, which gives a negative errno where it fails.
    @discardableResult
    private func check(_ result: CInt) throws(Failure) -> CInt {
        guard result >= 0 else { throw Failure(code: -result) }
        return result
    }
}
