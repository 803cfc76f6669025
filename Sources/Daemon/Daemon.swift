internal import Agent
package import Logging
internal import PostureModel
internal import Reporting
internal import SystemdBridge
package import Watching

/// When to report, and to whom: looks after one machine until the process ends.
///
/// Everything happens on this actor: a change, a timer, a question, the end of a report. A report itself runs beside it, one
/// at a time.
package actor Daemon {
    private let dependencies: any DaemonDependencies
    private var journal: StateJournal
    private var service: DaemonService
    private var state: AgentState
    private var schedule: ReportSchedule
    private var generator = SystemRandomNumberGenerator()

    private var timer: Task<Void, Never>?
    private var report: Task<Void, Never>?
    private var reportBegan = 0.0
    private var sharedLook: SharedLook
    private var waiters: [CheckedContinuation<Result<ReportAnswer, any Error>, Never>] = []
    /// What root asked to be done before the next report.
    private var first = SigningRequest.report

    /// Takes up the work where the last life left it; `state` is what is remembered of that.
    package init(
        _ dependencies: any DaemonDependencies,
        service: DaemonService,
        state: Result<AgentState, any Error>,
        logger: Logger
    ) {
        self.dependencies = dependencies
        sharedLook = SharedLook(service.reporter, dependencies)
        self.service = service
        do {
            self.state = try state.get()
            journal = StateJournal(logger: logger, last: self.state)
        } catch {
            self.state = AgentState()
            journal = StateJournal(logger: logger, last: self.state)
            journal.damaged("\(error)")
        }
        schedule = ReportSchedule(at: dependencies.uptime, failures: self.state.failures, using: &generator)
    }

    /// Begins: the first report is due, unless the last life ended with failures.
    package func start() {
        journal.configuration(flaw: service.flaw, isWaiting: service.scorer == nil)
        pend()
        proceed()
    }

    /// Something changed on the machine.
    ///
    /// Where `isConfiguration`, the configuration is read anew.
    package func changed(_ changes: Set<Change>, isConfiguration: Bool) {
        let before = (service.scorer, service.flaw)
        if isConfiguration { adopt() }
        guard !changes.isEmpty || before != (service.scorer, service.flaw) else { return }
        pend()
        let now = dependencies.uptime
        // The time that a machine sleeps is not the report's that was on its way.
        if changes.contains(.clock) { reportBegan = now }
        // A resume is as good as another network, and so is another configuration: whatever failed before, it was another
        // time and place.
        if isConfiguration || changes.contains(.network) || changes.contains(.clock) {
            schedule.networkChanged(at: now)
        } else {
            schedule.changed(at: now)
        }
        proceed()
    }

    /// Reads the configuration anew, and reports; one that cannot be used changes nothing.
    package func reload() {
        adopt()
        pend()
        schedule.networkChanged(at: dependencies.uptime)
        proceed()
    }

    /// Asks for a report now, and waits for its end; where one is on its way, for the one after it.
    ///
    /// `first` is what is to be done before that report.
    func reportNow(first: SigningRequest = .report) async throws -> ReportAnswer {
        let result = await withCheckedContinuation { continuation in
            waiters.append(continuation)
            if first != .report { self.first = first }
            pend()
            // One that is on its way has perhaps looked already: the next follows at its end.
            if report == nil { schedule.asked(at: dependencies.uptime) }
            proceed()
        }
        return try result.get()
    }

    /// Something changed that this process may not watch.
    ///
    /// The report waits until changes have settled: `postured-nssdb.path` speaks up at the first of them, and perhaps only
    /// then.
    package func poke() {
        pend()
        schedule.changed(at: dependencies.uptime)
        proceed()
    }

    /// What there is to say, without any serial number; what was seen is not older than ten seconds if `isFresh`.
    package func status(isFresh: Bool = false) async -> AgentStatus {
        let lookError = isFresh ? await sharedLook.look() : nil
        var status = snapshot()
        let seen = await service.reporter.newest
        status.configurationFlaw = status.configurationFlaw ?? seen?.flaw
        if let lookError {
            // What was seen before is no answer to what there is now.
            status.error = lookError
        } else {
            status.view = seen?.view.withoutSerials()
        }
        return status
    }

    /// Whether the work goes on: no report takes longer than all of its own bounds together.
    ///
    /// Five messages at most, each twice, and for each a nonce, the collector and the way there: forty minutes.
    package var isHealthy: Bool { report == nil || dependencies.uptime - reportBegan < 2400 }

    /// Tells the service manager how things stand.
    package func tick() { dependencies.learned(snapshot(), isReport: false) }

    // MARK: - The work

    private func adopt() {
        let scorer = service.scorer
        do {
            let newest = try dependencies.load()
            // There is always the last good one to go on with, in memory or on the disk.
            if newest.scorer == nil, scorer != nil { service.flaw = newest.flaw } else { service = newest }
        } catch { service.flaw = "\(error)" }
        sharedLook = SharedLook(service.reporter, dependencies)
        if service.scorer != scorer { schedule.scorerChanged() }
        journal.configuration(flaw: service.flaw, isWaiting: service.scorer == nil)
    }

    /// There is something that the scorer has not heard.
    private func pend() {
        guard state.pendingSince == nil else { return }
        state.pendingSince = dependencies.now
        save()
    }

    /// Does what is due, or sets the timer for it.
    private func proceed() {
        timer?.cancel()
        guard report == nil else { return }
        guard service.scorer != nil else { return wait() }
        let due = schedule.due
        guard due > dependencies.uptime else { return begin() }
        timer = Task(executorPreference: dependencies.executor) { [dependencies] in
            guard (try? await dependencies.sleep(until: due)) != nil, !Task.isCancelled else { return }
            await self.proceed()
        }
        dependencies.learned(snapshot(), isReport: false)
    }

    /// There is nobody to report to, until another configuration comes.
    private func wait() {
        let asked = waiters
        waiters = []
        first = .report
        let error = NotConfigured(description: service.flaw ?? "no scorer is configured")
        for waiter in asked { waiter.resume(returning: .failure(error)) }
        dependencies.learned(snapshot(), isReport: false)
    }

    private func begin() {
        reportBegan = dependencies.uptime
        schedule.began(at: reportBegan)
        let asked = waiters
        waiters = []
        let first = self.first
        self.first = .report
        report = Task(executorPreference: dependencies.executor) { [service] in
            let result: Result<ReportAnswer, any Error>
            do { result = .success(try await service.reporter.report(first: first)) } catch { result = .failure(error) }
            let seen = await service.reporter.newest
            await self.ended(result, seen: seen)
            for waiter in asked { waiter.resume(returning: result) }
        }
        dependencies.learned(snapshot(), isReport: false)
    }

    private func ended(_ result: Result<ReportAnswer, any Error>, seen: Sighting?) {
        report = nil
        let now = dependencies.uptime
        var isCollectorFault = false
        // Certificates are named after serial numbers, and the scorer's sentences name certificates.
        let serials = seen?.view.serials ?? []
        switch result {
        case .success(let answer):
            state = AgentState()
            (state.answer, state.answeredAt) = (answer.hiding(serials), dependencies.now)
            // The side with the keys has it.
            state.answer?.receipt = nil
            schedule.delivered(at: now, nextReportIn: Double(answer.nextReportIn), using: &generator)
        case .failure(let error):
            let delivery = error as? DeliveryError
            let hasRetired = error is DeviceRetired
            isCollectorFault = delivery == nil && !hasRetired
            state.error = "\(error)".hiding(serials)
            state.failingSince = state.failingSince ?? dependencies.now
            schedule.failed(
                at: now,
                isTransient: delivery?.isTransient ?? !hasRetired,
                isLocalFault: delivery.map { !$0.isTransient } ?? !hasRetired,
                // A device that has retired is asked once a day whether it still is.
                interval: hasRetired ? 86_400 : Double(service.interval),
                retryAfter: delivery?.retryAfter.map(Double.init),
                using: &generator
            )
            state.failures = schedule.failures
        }
        if !waiters.isEmpty { schedule.asked(at: now) }
        if schedule.isChanged { state.pendingSince = state.pendingSince ?? dependencies.now }
        save()
        journal.configuration(flaw: service.flaw ?? seen?.flaw, isWaiting: false)
        journal.reported(state, seen: seen, isCollectorFault: isCollectorFault)
        dependencies.learned(snapshot(), isReport: true)
        proceed()
    }

    private func save() {
        do {
            try dependencies.save(state)
            journal.saved()
        } catch { journal.cannotSave("\(error)") }
    }

    private func snapshot() -> AgentStatus {
        let now = dependencies.now
        return AgentStatus(
            agent: "postured/\(Version.text)",
            now: now,
            scorer: service.scorer,
            answer: state.answer,
            answeredAt: state.answeredAt,
            pendingSince: state.pendingSince,
            error: state.error,
            failingSince: state.failingSince,
            nextReportAt: report == nil && service.scorer != nil
                ? now.adding(seconds: Int64(max(0, schedule.due - dependencies.uptime))) : nil,
            configurationFlaw: service.flaw,
            unwatched: service.unwatched,
            view: nil
        )
    }
}
