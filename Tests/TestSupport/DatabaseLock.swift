import Glibc

/// An exclusive lock on an SQLite database, held by another process until ``release()``.
package final class DatabaseLock {
    /// The process that holds the lock; 0 after its release.
    package private(set) var holder: Int32 = 0
    private let input: CInt

    /// Locks the database and returns once it is locked.
    ///
    /// - Throws: ``ToolError`` if `sqlite3` cannot be started or cannot lock.
    package init(_ path: String) throws {
        // Foundation's `Process` leaks memory, which fails a run under AddressSanitizer.
        let (commands, input) = try makePipe()
        let (answers, output) = try makePipe()
        self.input = input
        holder = try spawn("sqlite3", [path], input: commands, output: output, errors: 2)
        close(commands)
        close(output)
        defer { close(answers) }
        let command = Array("BEGIN EXCLUSIVE; SELECT 'locked';\n".utf8)
        var answer = [UInt8](repeating: 0, count: 7)
        guard unsafe write(input, command, command.count) == command.count,
            unsafe read(answers, &answer, answer.count) == answer.count, answer == Array("locked\n".utf8)
        else { throw ToolError(description: "sqlite3 did not lock \(path)") }
    }

    deinit {
        release()
        close(input)
    }

    /// Lets go of the lock.
    package func release() {
        guard holder > 0 else { return }
        kill(holder, SIGKILL)
        _ = ended(holder)
        holder = 0
    }
}

private func makePipe() throws -> (reading: CInt, writing: CInt) {
    var ends: [CInt] = [0, 0]
    guard unsafe pipe(&ends) == 0 else { throw ToolError(description: "no pipe: errno \(errno)") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
}
