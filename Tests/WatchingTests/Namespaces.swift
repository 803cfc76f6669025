import Foundation
import Glibc
import TestSupport

/// A network namespace and a UTS namespace of their own, with nothing in them but a loopback.
final class Namespaces: Sendable {
    private let network: CInt
    private let names: CInt

    init() throws {
        (network, names) = try aside {
            // CLONE_NEWNET and CLONE_NEWUTS; unshare(2) is not in Swift's Glibc.
            typealias Unshare = @convention(c) (CInt) -> CInt
            let unshare = unsafe unsafeBitCast(dlsym(nil, "unshare"), to: Unshare.self)
            guard unshare(0x4000_0000 | 0x0400_0000) == 0 else {
                throw Failure(description: "no namespaces: errno \(errno)")
            }
            let flags = O_RDONLY | O_CLOEXEC
            return unsafe (open("/proc/thread-self/ns/net", flags), open("/proc/thread-self/ns/uts", flags))
        }
    }

    deinit {
        close(network)
        close(names)
    }

    /// Runs `body` in the namespaces; threads that it starts stay in them.
    func inside<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) throws -> Value {
        try aside { [network, names] in
            typealias Setns = @convention(c) (CInt, CInt) -> CInt
            let setns = unsafe unsafeBitCast(dlsym(nil, "setns"), to: Setns.self)
            guard setns(network, 0) == 0, setns(names, 0) == 0 else {
                throw Failure(description: "not in the namespaces: errno \(errno)")
            }
            return try body()
        }
    }

    /// Runs ip(8) in the namespaces.
    func ip(_ arguments: String) throws { try run("ip", arguments.split(separator: " ").map(String.init)) }

    /// Runs a program in the namespaces.
    func run(_ name: String, _ arguments: [String]) throws {
        try inside { _ = try runTool(name, arguments) }
    }
}

/// Runs `body` on a thread of its own, which ends with it.
private func aside<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) throws -> Value {
    let results = Collected<Result<Value, any Error>>()
    let done = DispatchSemaphore(value: 0)
    let thread = Thread {
        results.add(Result(catching: body))
        done.signal()
    }
    thread.start()
    done.wait()
    guard let result = results.all.first else { throw Failure(description: "the thread has no result") }
    return try result.get()
}
