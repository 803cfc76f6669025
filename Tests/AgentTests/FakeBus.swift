import Foundation
import Glibc
import Synchronization
import TestSupport

/// A message bus on a real socket, with a service manager on it that does what a test tells it to.
///
/// Ends with the last reference to it.
final class FakeBus: Sendable {
    /// What the bus does with a connection.
    enum Manner: Sendable {
        /// Takes it, and says nothing.
        case silent
        /// Greets, and never answers a question.
        case mute
        /// Answers with these units: name, load state and active state.
        case units([(String, String, String)])
        /// Answers with an error of this name.
        case error(String)
        /// Answers with bytes that are no message.
        case garbage
    }

    let path: String
    private let directory: TemporaryDirectory
    private let listener: CInt
    private let calls = Calls()

    init(_ manner: Manner) throws {
        directory = try TemporaryDirectory("bus")
        path = directory.file("socket")
        listener = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let isBound = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe bind(listener, $0, length) == 0 }
        }
        guard isBound, listen(listener, 8) == 0 else {
            throw ToolError(description: "no socket at \(path): errno \(errno)")
        }
        Thread.detachNewThread { [listener, calls] in
            while case let socket = accept(listener, nil, nil), socket >= 0 {
                Thread.detachNewThread {
                    serve(socket, manner, calls)
                    // Held open until the other end leaves: a closed bus is another matter.
                    while !readSome(socket).isEmpty {}
                    close(socket)
                }
            }
            close(listener)
        }
    }

    deinit { shutdown(listener, CInt(SHUT_RDWR)) }

    var address: String { "unix:path=\(path)" }

    /// The flags of the questions that were asked, of which 2 is NO_AUTO_START.
    var flags: [UInt8] { calls.flags }
}

private final class Calls: Sendable {
    private let all = Mutex<[UInt8]>([])
    var flags: [UInt8] { all.withLock { $0 } }
    func add(_ flags: UInt8) { all.withLock { $0.append(flags) } }
}

private func serve(_ socket: CInt, _ manner: FakeBus.Manner, _ calls: Calls) {
    if case .silent = manner { return }
    var pending: [UInt8] = []
    // The client sends all of its handshake before it reads any.
    while !pending.contains("BEGIN\r\n") {
        let more = readSome(socket)
        if more.isEmpty { return }
        pending += more
    }
    let greeting = pending.contains("\r\nDATA") ? "DATA\r\n" : ""
    send(socket, Array("\(greeting)OK 0123456789abcdef0123456789abcdef\r\nAGREE_UNIX_FD\r\n".utf8))
    pending.removeFirst(pending.firstIndex(of: "BEGIN\r\n") + 7)
    while let call = nextMessage(&pending, from: socket) {
        let serial = call[8..<12].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        if call.contains("Hello") {
            var body = Marshaller()
            body.string(":1.5")
            send(socket, Marshaller.message(type: 2, to: serial, signature: "s", body: body.bytes))
            continue
        }
        calls.add(call[2])
        switch manner {
        case .silent, .mute: break
        case .garbage: send(socket, [UInt8](repeating: 0x7f, count: 64))
        case .error(let name): send(socket, Marshaller.message(type: 3, to: serial, error: name))
        case .units(let units):
            let reply = Marshaller.units(units)
            send(socket, Marshaller.message(type: 2, to: serial, signature: "a(ssssssouso)", body: reply))
        }
    }
}

private func nextMessage(_ pending: inout [UInt8], from socket: CInt) -> [UInt8]? {
    while true {
        if pending.count >= 16 {
            func integer(_ at: Int) -> Int { pending[at..<(at + 4)].reversed().reduce(0) { $0 << 8 | Int($1) } }
            let length = 16 + (integer(12) + 7) / 8 * 8 + integer(4)
            if pending.count >= length {
                defer { pending.removeFirst(length) }
                return Array(pending.prefix(length))
            }
        }
        let more = readSome(socket)
        if more.isEmpty { return nil }
        pending += more
    }
}

private func readSome(_ socket: CInt) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = unsafe recv(socket, &buffer, buffer.count, 0)
    return count > 0 ? Array(buffer.prefix(count)) : []
}

private func send(_ socket: CInt, _ bytes: [UInt8]) {
    _ = unsafe Glibc.send(socket, bytes, bytes.count, CInt(MSG_NOSIGNAL))
}

/// The D-Bus wire format, as far as the answers of a service manager need it.
///
/// - SeeAlso: <https://dbus.freedesktop.org/doc/dbus-specification.html#message-protocol-marshaling>
private struct Marshaller {
    var bytes: [UInt8] = []

    mutating func align(_ size: Int) { while bytes.count % size != 0 { bytes.append(0) } }

    mutating func integer(_ value: Int) {
        align(4)
        bytes += (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    mutating func string(_ text: String) {
        integer(text.utf8.count)
        bytes += Array(text.utf8) + [0]
    }

    mutating func signature(_ text: String) { bytes += [UInt8(text.utf8.count)] + Array(text.utf8) + [0] }

    static func units(_ units: [(String, String, String)]) -> [UInt8] {
        var array = Marshaller()
        for (name, load, active) in units {
            array.align(8)
            for text in [name, "a description", load, active, "exited", ""] { array.string(text) }
            array.string("/org/freedesktop/systemd1/unit/x")
            array.integer(0)
            array.string("")
            array.string("/")
        }
        var body = Marshaller()
        body.integer(array.bytes.count)
        body.align(8)
        return body.bytes + array.bytes
    }

    /// A method's return (2) or an error (3).
    static func message(
        type: UInt8,
        to serial: UInt32,
        signature: String? = nil,
        error: String? = nil,
        body: [UInt8] = []
    ) -> [UInt8] {
        var fields = Marshaller()
        func field(_ code: UInt8, _ kind: String, _ value: (inout Marshaller) -> Void) {
            fields.align(8)
            fields.bytes.append(code)
            fields.signature(kind)
            value(&fields)
        }
        field(5, "u") { $0.integer(Int(serial)) }
        field(6, "s") { $0.string(":1.5") }
        field(7, "s") { $0.string("org.freedesktop.systemd1") }
        if let signature { field(8, "g") { $0.signature(signature) } }
        if let error { field(4, "s") { $0.string(error) } }
        var message = Marshaller(bytes: [UInt8(ascii: "l"), type, 1, 1])
        message.integer(body.count)
        message.integer(Int(serial) + 100)
        message.integer(fields.bytes.count)
        message.bytes += fields.bytes
        message.align(8)
        return message.bytes + body
    }
}

extension [UInt8] {
    fileprivate func contains(_ text: String) -> Bool { firstIndex(of: text) < count }

    /// Where a text begins, or the count.
    fileprivate func firstIndex(of text: String) -> Int {
        let wanted = Array(text.utf8)
        return indices.first { self[$0...].starts(with: wanted) } ?? count
    }
}
