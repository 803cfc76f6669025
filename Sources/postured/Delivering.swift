internal import Agent
internal import ArgumentParser
internal import Daemon
internal import Glibc
internal import PostureModel
internal import Reporting

/// The options of the commands that send something to the scorer.
struct DeliveryOptions: ParsableArguments {
    @OptionGroup var options: Options
    @OptionGroup var socket: SocketOption
    @OptionGroup var output: JSONOption
    @Flag(help: "Collect, sign and report in this process, past the daemon and the collector's socket.") var direct =
        false

    /// Whether the daemon is the one that sends.
    private var asksDaemon: Bool { unsafe !direct && options.isDefault && access(socket.path, F_OK) == 0 }

    /// Does what comes first and reports, through the daemon where it runs, and returns the scorer's answer.
    ///
    /// Where that fails, says why and ends the program.
    ///
    /// - Throws: ``DeviceRetired`` where the device has retired by this.
    func report(first: SigningRequest) async throws -> ReportAnswer {
        guard asksDaemon else { return try await reportDirectly(first) }
        let answer: StatusAnswer
        do { answer = try await ask(first) } catch {
            complain("\(error)")
            throw ExitCode(2)
        }
        if answer.hasRetired == true { throw DeviceRetired() }
        if answer.error == nil, let report = answer.status?.answer { return report }
        complain(answer.error ?? "the daemon says nothing")
        throw ExitCode(answer.status == nil ? 2 : 1)
    }

    private func ask(_ first: SigningRequest) async throws -> StatusAnswer {
        switch first {
        case .keyReplacement:
            try await PermitDirectory().permitting(.keyReplacement) { try await socket.ask(.replaceKey) }
        case .retirement: try await PermitDirectory().permitting(.retirement) { try await socket.ask(.retire) }
        case .report, .registration, .ownRecord: try await socket.ask(.report)
        }
    }

    private func reportDirectly(_ first: SigningRequest) async throws -> ReportAnswer {
        let delivery = try configured {
            var configuration = try options.configuration()
            // As the collector does: systemd-run(1) makes this process one.
            if let directory = Environment.stateDirectory { configuration.keyDirectory = directory }
            let collector = try configuration.localCollector(root: options.root, for: first, now: Timestamp.now)
            return try configuration.delivery(from: collector, now: Timestamp.now, warn: complain)
        }
        do { return try await delivery.report(first: first) } catch let retired as DeviceRetired {
            if first == .retirement { throw retired }
            complain("\(retired)")
        } catch { complain("\(error)") }
        throw ExitCode(1)
    }
}
