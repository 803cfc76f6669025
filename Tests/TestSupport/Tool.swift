import Foundation
import Glibc

/// A tool that did not do what a test needs; the description is what it printed.
package struct ToolError: Error, CustomStringConvertible {
    /// The command line, the exit status, and what the tool wrote to its standard error.
    package let description: String

    /// Says what went wrong.
    package init(description: String) { self.description = description }
}

/// What a tool wrote to its standard output.
package struct ToolOutput: Sendable {
    /// The bytes as they came.
    package let bytes: [UInt8]

    /// The bytes as UTF-8.
    package var text: String {
        String(decoding: bytes, as: UTF8.self)
    }
}

/// Runs a program of the system without input, and returns its output.
///
/// - Throws: ``ToolError`` if it cannot be started, or if it ends with another status than 0.
@discardableResult
package func runTool(_ name: String, _ arguments: [String]) throws -> ToolOutput {
    let output = try Capture()
    let errors = try Capture()
    let input = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
    defer { close(input) }
    let status = ended(
        try spawn(name, arguments, input: input, output: output.descriptor, errors: errors.descriptor)
    )
    guard status == 0 else {
        let line = ([name] + arguments).joined(separator: " ")
        let text = String(decoding: try errors.bytes() + output.bytes(), as: UTF8.self)
        throw ToolError(description: "\(line): status \(status): \(text)")
    }
    return ToolOutput(bytes: try output.bytes())
}

/// Runs `sqlite3` with a database and a command, and waits for whoever writes it meanwhile.
@discardableResult
package func runSQLite(_ arguments: [String]) throws -> ToolOutput {
    try runTool("sqlite3", ["-cmd", ".timeout 60000"] + arguments)
}

/// Starts a program with these descriptors as its standard ones, and returns its process.
func spawn(_ name: String, _ arguments: [String], input: CInt, output: CInt, errors: CInt) throws -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    for (standard, descriptor) in [input, output, errors].enumerated() {
        unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, CInt(standard))
    }
    var vector = unsafe ([name] + arguments).map { unsafe strdup($0) } + [nil]
    defer { unsafe vector.forEach { unsafe free($0) } }
    var process: pid_t = 0
    let failure = unsafe posix_spawnp(&process, name, &actions, nil, &vector, environ)
    guard failure == 0 else { throw ToolError(description: "\(name): cannot be started: errno \(failure)") }
    return process
}

/// Waits for the end of a process and returns its status.
func ended(_ process: pid_t) -> CInt {
    var status: CInt = 0
    while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
    return status
}

/// A file without a name that takes a tool's output.
private struct Capture: ~Copyable {
    let descriptor: CInt

    init() throws {
        var name = (NSTemporaryDirectory() + "/tool-XXXXXX").utf8CString.map { $0 }
        descriptor = unsafe mkstemp(&name)
        guard descriptor >= 0 else { throw ToolError(description: "no temporary file: errno \(errno)") }
        unsafe unlink(name)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    deinit {
        close(descriptor)
    }

    borrowing func bytes() throws -> [UInt8] {
        let size = lseek(descriptor, 0, SEEK_END)
        var bytes = [UInt8](repeating: 0, count: max(0, size))
        let count = unsafe pread(descriptor, &bytes, bytes.count, 0)
        guard count == bytes.count else { throw ToolError(description: "output lost: errno \(errno)") }
        return bytes
    }
}
