internal import Reporting

/// When the next report is due: a pure function of what happened, in seconds of a clock that does not stop in suspend.
///
/// A change is reported as soon as it has been quiet for a moment, some of them at once and then ever more rarely;
/// without one the scorer sets the interval; a failure is followed by a back-off with full jitter, which only a change of
/// the network cuts short; and where the scorer asks for silence there is silence.
struct ReportSchedule: Sendable {
    /// The bounds, in seconds unless said otherwise.
    struct Pace: Sendable {
        /// A burst of changes is over when nothing has changed for so long.
        var quiet = 0.5
        /// A burst that has lasted for so long is not waited for.
        var patience = 1.0
        /// Reports of changes that may follow each other closely; one is forgotten after ``memory`` seconds.
        var burst = 20.0
        /// See ``burst``.
        var memory = 300.0
        /// After those, the distance between two reports of changes: the first one and the longest.
        var distances = 15.0...300.0
        /// A change after so long a time without one is told at once, whatever came before.
        var calm = 120.0
        /// What the scorer may ask for.
        var interval = 10.0...86_400.0

        /// The bounds that are in use.
        init() {}
    }

    /// When the next report is due.
    var due: Double { min(regular, changeDue) }
    /// How many tries in a row have failed.
    var failures: Int { backoff.failures }

    /// Whether something changed that no report has begun to tell.
    var isChanged: Bool { changedAt != nil }

    private let pace: Pace
    /// When a report is due where nothing changes.
    private var regular: Double
    /// When what changed is to be reported; infinite where nothing did, or something else comes first.
    private var changeDue = Double.infinity
    private var backoff: Backoff
    private var silentUntil = -Double.infinity
    /// Whether the last failure is one that this machine may mend.
    private var isLocalFault = false
    /// When the first of the changes came that no report has begun to tell.
    private var changedAt: Double?
    private var lastChange = -Double.infinity
    private var spacing: ChangeSpacing
    /// A link that comes and goes is no new network each time.
    private var networks = TokenBucket(burst: 5, refill: 300)

    /// Starts with a report that is due at once; after `failures` in an earlier life, when their back-off is over.
    init(
        at now: Double,
        failures: Int = 0,
        pace: Pace = Pace(),
        using generator: inout some RandomNumberGenerator
    ) {
        self.pace = pace
        backoff = Backoff(failures: failures)
        regular = failures == 0 ? now : now + backoff.next(using: &generator)
        spacing = ChangeSpacing(burst: pace.burst, memory: pace.memory, distances: pace.distances)
    }

    /// Something on the machine changed.
    mutating func changed(at now: Double) {
        if changedAt == nil { changedAt = now }
        if now - lastChange >= pace.calm { spacing.calmed() }
        lastChange = now
        // While the scorer is away, one report more changes nothing: the next one will tell everything. What failed for a
        // reason that lies here may be mended by this.
        if failures == 0 || isLocalFault { hasten(at: now) }
    }

    /// The network changed: what failed before may work now.
    mutating func networkChanged(at now: Double) {
        if networks.take(at: now) { backoff.reset() }
        changed(at: now)
    }

    /// There is another scorer: what the last one asked for does not count.
    mutating func scorerChanged() {
        silentUntil = -.infinity
    }

    /// Somebody who may do so asks for a report now.
    mutating func asked(at now: Double) {
        regular = now
    }

    /// A report begins: it will tell what changed until now.
    mutating func began(at now: Double) {
        if changedAt != nil { spacing.took(at: now) }
        changedAt = nil
        (regular, changeDue) = (.infinity, .infinity)
    }

    /// The report arrived, and the scorer wants the next in so many seconds.
    mutating func delivered(
        at now: Double,
        nextReportIn: Double,
        using generator: inout some RandomNumberGenerator
    ) {
        backoff.reset()
        (silentUntil, isLocalFault) = (-.infinity, false)
        regular = now + jittered(nextReportIn, using: &generator)
        if changedAt != nil { hasten(at: now) }
    }

    /// The report did not arrive.
    ///
    /// `interval` is for what no second try mends; `isLocalFault` for what a change on this machine may mend. `retryAfter` is
    /// what the scorer asked for, 0 to a day.
    mutating func failed(
        at now: Double,
        isTransient: Bool,
        isLocalFault: Bool,
        interval: Double,
        retryAfter: Double?,
        using generator: inout some RandomNumberGenerator
    ) {
        self.isLocalFault = isLocalFault
        let wait = backoff.next(using: &generator)
        regular = now + (isTransient ? wait : jittered(interval, using: &generator))
        // What changed meanwhile is told by the next try.
        changeDue = .infinity
        if let retryAfter, retryAfter > 0 { silentUntil = now + min(retryAfter, pace.interval.upperBound) }
        if silentUntil > now {
            // Agents that were told the same moment do not all come at that moment.
            regular = max(regular, silentUntil + .random(in: 0...max(5, (silentUntil - now) / 4), using: &generator))
        } else if isLocalFault, changedAt != nil {
            hasten(at: now)
        }
    }

    private mutating func hasten(at now: Double) {
        guard now >= silentUntil else { return }
        let first = changedAt ?? now
        let settled = min(now + pace.quiet, first + pace.patience)
        let wait = spacing.wait(at: now)
        changeDue = wait > 0 ? max(settled, now + wait) : settled
    }

    private func jittered(_ seconds: Double, using generator: inout some RandomNumberGenerator) -> Double {
        min(max(seconds, pace.interval.lowerBound), pace.interval.upperBound)
            * .random(in: 0.9...1.1, using: &generator)
    }
}
