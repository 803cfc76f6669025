internal import Agent
internal import ArgumentParser
internal import Dispatch
internal import Glibc
internal import Logging
internal import PostureModel
internal import Reporting
internal import SystemdBridge

struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Stay in the foreground and report: now, and then on an interval.",
        discussion: "With --json, prints one line of JSON for each report."
    )

    @OptionGroup var options: Options
    @OptionGroup var output: JSONOption

    func run() async throws {
        let logger = Logger(label: "postured") { StreamLogHandler.standardError(label: $0) }
        let configuration = try configured { try options.configuration() }
        let delivery = try configured {
            try configuration.delivery(from: configuration.source(root: options.root, now: Timestamp.now))
        }
        // A connection that breaks is an error to be read, not a signal to die of.
        signal(SIGPIPE, SIG_IGN)
        // What is on the disk is written whole or not at all, so that the process may end at any point.
        var signals: [any DispatchSourceSignal] = []
        for number in [SIGTERM, SIGINT] {
            let source = await onSignal(number) {
                ServiceManager.stopping()
                // Not exit(3): its handlers would take apart what other threads are using.
                _exit(0)
            }
            signals.append(source)
        }
        defer { signals.forEach { $0.cancel() } }
        let loop = ReportLoop(delivery, interval: configuration.interval, logger: logger) { seconds in
            try await Task.sleep(for: .seconds(seconds))
        }
        // The configuration is good and the key is there: from here on the machine is looked after, be the scorer
        // there or not.
        ServiceManager.ready()
        let json = output.json
        await loop.run { event in
            ServiceManager.status("\(event)")
            if json, let line = try? Wire.encode(event) { printAtOnce(String(decoding: line, as: UTF8.self)) }
        }
    }
}

/// Runs `action` on a thread of its own when the signal comes, in place of what the kernel would do.
///
/// Until libdispatch has put a handler of its own in place, the signal ends the process, as it would have before: were
/// it ignored meanwhile, one that comes early would be lost, and the service manager would wait in vain.
private func onSignal(_ number: CInt, _ action: @escaping @Sendable () -> Void) async -> any DispatchSourceSignal {
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
    source.setEventHandler(handler: action)
    await withCheckedContinuation { continuation in
        source.setRegistrationHandler { continuation.resume() }
        source.resume()
    }
    return source
}
