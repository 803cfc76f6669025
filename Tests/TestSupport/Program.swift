import Dispatch
import Foundation
import Glibc

/// A program that runs beside the test: its standard output and error go into files, its input is empty.
///
/// It is killed with the last reference.
package final class Program {
    /// How a program ended, and what it wrote.
    package struct Ending: Sendable {
        /// The exit status; 128 and the number where a signal ended it.
        package let status: Int32
        /// What it wrote to its standard output.
        package let output: String
        /// What it wrote to its standard error.
        package let errors: String
    }

    /// The process; 0 after its end.
    private var process: pid_t = 0
    private let directory: TemporaryDirectory

    /// Starts a program by its path or by its name in `PATH`; `environment` is added to this process's own.
    package init(_ name: String, _ arguments: [String], environment: [String: String] = [:]) throws {
        directory = try TemporaryDirectory("program")
        let input = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
        let flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC
        let output = unsafe open(directory.file("output"), flags, 0o600)
        let errors = unsafe open(directory.file("errors"), flags, 0o600)
        defer { [input, output, errors].forEach { _ = close($0) } }
        // env(1) sets variables in the child alone.
        let settings = environment.map { "\($0)=\($1)" }
        process = try spawn("env", settings + [name] + arguments, input: input, output: output, errors: errors)
    }

    deinit {
        guard process > 0 else { return }
        kill(process, SIGKILL)
        _ = ended(process)
    }

    /// What it has written to its standard output so far.
    package var output: String { (try? String(decoding: contents(of: directory.file("output")), as: UTF8.self)) ?? "" }

    /// What it has written to its standard error so far.
    package var errors: String { (try? String(decoding: contents(of: directory.file("errors")), as: UTF8.self)) ?? "" }

    /// Sends it a signal.
    package func signal(_ number: Int32) { kill(process, number) }

    /// Waits for its end, and kills it after so many seconds.
    package func wait(seconds: Int = 120) -> Ending {
        let end = DispatchWorkItem { [process] in kill(process, SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(seconds), execute: end)
        let status = ended(process)
        end.cancel()
        process = 0
        let code = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
        return Ending(status: code, output: output, errors: errors)
    }
}

/// Runs a program to its end, whatever its exit status.
package func runProgram(_ name: String, _ arguments: [String], environment: [String: String] = [:]) throws
    -> Program.Ending
{
    try Program(name, arguments, environment: environment).wait()
}
