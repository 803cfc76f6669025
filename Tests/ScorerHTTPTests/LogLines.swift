import Logging
import Synchronization

@testable import ScorerHTTP

/// Everything that is logged, as lines of text, whatever its level.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])
    private let listenings: AsyncStream<Listening>.Continuation
    /// The listeners, as the server logs that they listen.
    let listening: AsyncStream<Listening>

    struct Listening: Sendable {
        var audience: String
        var port: Int
    }

    init() {
        (listening, listenings) = AsyncStream.makeStream()
    }

    var all: [String] { lines.withLock { $0 } }

    /// All lines as one text.
    var text: String { all.joined(separator: "\n") }

    var logger: Logger {
        Logger(label: "test") { _ in RequestLogHandler(Handler(lines: self)) }
    }

    /// Says that no listener will come any more.
    func finish() { listenings.finish() }

    private func take(_ event: LogEvent, _ metadata: Logger.Metadata) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        let error = event.error.map { " \($0)" } ?? ""
        lines.withLock { $0.append("\(event.level) \(event.message) \(all)\(error)") }
        if event.message.description == "listening", let audience = all["for"], let address = all["address"],
            let port = Int("\(address)".split(separator: ":").last ?? "")
        {
            listenings.yield(Listening(audience: "\(audience)", port: port))
        }
    }

    private struct Handler: LogHandler {
        let lines: LogLines
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level = .trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { lines.take(event, metadata) }
    }
}
