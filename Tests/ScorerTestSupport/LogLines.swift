package import Logging
internal import Synchronization

/// Everything that is logged, as lines of text, whatever its level.
package final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])
    private let listenings: AsyncStream<Listening>.Continuation
    /// The listeners, as the server logs that they listen.
    package let listening: AsyncStream<Listening>

    package struct Listening: Sendable {
        package var audience: String
        package var port: Int
    }

    private let wrap: @Sendable (any LogHandler) -> any LogHandler

    /// Collects lines; `wrap` puts another handler before the one that collects.
    package init(_ wrap: @escaping @Sendable (any LogHandler) -> any LogHandler = { $0 }) {
        self.wrap = wrap
        (listening, listenings) = AsyncStream.makeStream()
    }

    package var all: [String] { lines.withLock { $0 } }

    /// All lines as one text.
    package var text: String { all.joined(separator: "\n") }

    package var logger: Logger {
        Logger(label: "test") { _ in wrap(Handler(lines: self)) }
    }

    /// Says that no listener will come any more.
    package func finish() { listenings.finish() }

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
