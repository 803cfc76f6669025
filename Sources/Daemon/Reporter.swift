internal import Agent
internal import PostureModel
internal import Reporting

/// Reports to one scorer, and looks at the machine.
protocol Reporter: Sendable {
    /// Reports once; `first` is what is to be done before that.
    func report(first: SigningRequest) async throws -> ReportAnswer
    /// Looks at the machine, and reports nothing.
    func look() async throws
    /// What was seen last, whether it was reported or not.
    var newest: Sighting? { get async }
}

/// Delivers what a collector signs.
struct DeliveringReporter: Reporter {
    let collector: ObservedCollector
    let delivery: Delivery

    func report(first: SigningRequest) async throws -> ReportAnswer { try await delivery.report(first: first) }
    func look() async throws { _ = try await collector.look() }
    var newest: Sighting? { get async { await collector.newest } }
}

/// Reports nothing: in use as long as no configuration can be used.
struct NoReporter: Reporter {
    let flaw: any Error

    func report(first: SigningRequest) async throws -> ReportAnswer { throw flaw }
    func look() async throws { throw flaw }
    var newest: Sighting? { nil }
}

/// Nothing can be reported, since no scorer is configured.
struct NotConfigured: Error, CustomStringConvertible {
    let description: String
}

/// Remembers what a collector saw last.
///
/// A report is read when somebody wants to know what was in it: not before it is sent.
actor ObservedCollector: Collector {
    private let collector: any Collector
    private var unread: CollectedMessage?
    private var sighting: Sighting?

    init(_ collector: any Collector) { self.collector = collector }

    /// What was seen last; what cannot be read is not remembered.
    var newest: Sighting? {
        if let message = unread {
            unread = nil
            sighting = message.sighting() ?? sighting
        }
        return sighting
    }

    func collect(_ request: SigningRequest, nonce: String, audience: String) async throws -> CollectedMessage {
        let collected = try await collector.collect(request, nonce: nonce, audience: audience)
        if collected.message.type == .report { unread = collected }
        return collected
    }

    func settle(_ settlement: Settlement) async throws { try await collector.settle(settlement) }

    func look() async throws -> Sighting {
        let seen = try await collector.look()
        (unread, sighting) = (nil, seen)
        return seen
    }
}
