internal import PostureModel
internal import ScorerModel

/// What a report shows of the states before it.
enum ContinuityFinding: Sendable, Equatable {
    /// The device goes on from its newest report, or has none yet.
    case continues
    /// The device was put back to a snapshot of its memory, for the first time in a day.
    case restored
    /// The device returned to an earlier state: two machines use its key.
    case returned
    /// The scorer gave the receipt, and does not know of it any more: its database was put back to an earlier state.
    case storeReturned
}

extension Continuity {
    /// Seconds that a restored machine has run less than the scorer's clock has, at least.
    static let lostSeconds: Int64 = 30
    /// Seconds in which one restored snapshot raises no alarm.
    static let window: Int64 = 86_400

    /// Takes a report into the history of a device.
    ///
    /// - Parameters:
    ///   - report: The report.
    ///   - earlier: The history, without stretches after a clone alarm was cleared; nil for a device that has not reported.
    ///   - receipt: The receipt of the device with a number.
    ///   - now: The time of receipt, by the scorer's clock.
    /// - Returns: the history with the report, and what the report shows of the states before it.
    static func taking(
        _ report: Report,
        into earlier: Continuity?,
        receipt: (Int64) -> Receipt,
        at now: Timestamp
    ) -> (continuity: Continuity, finding: ContinuityFinding) {
        let finding = earlier?.finding(of: report, receipt: receipt, at: now) ?? .continues
        // After a database was put back, or the device deleted, numbers that were given already are not given again.
        let later = finding == .storeReturned || earlier == nil ? report.givenNumber(by: receipt) ?? 0 : 0
        let number = max(earlier?.answered.number ?? 0, later) + 1
        let boot = report.facts.bootID.value ?? ""
        let began = report.beginning(at: now)
        let stretch = Stretch(boot: boot, first: number, last: number, began: began)
        let answered = receipt(number)
        guard var history = earlier else {
            return (Continuity(shown: report.receipt, answered: answered, stretches: [stretch]), .continues)
        }
        if finding != .returned, finding != .restored,
            history.stretches.last?.holds(boot: boot, began: began) == true
        {
            history.stretches[history.stretches.count - 1].last = number
        } else {
            history.stretches = (history.stretches + [stretch]).suffix(stretchLimit)
        }
        if finding == .restored { history.restoredAt = now }
        (history.shown, history.answered) = (report.receipt, answered)
        return (history, finding)
    }

    private func finding(
        of report: Report,
        receipt: (Int64) -> Receipt,
        at now: Timestamp
    ) -> ContinuityFinding {
        // Whichever machine reports first after an operator cleared the alarm goes on.
        if stretches.isEmpty { return .continues }
        // The answer to the newest report may be lost.
        if report.receipt == answered.text || report.receipt == shown { return .continues }
        guard let number = report.givenNumber(by: receipt) else { return .returned }
        if number > answered.number { return .storeReturned }
        let (boot, began) = (report.facts.bootID.value ?? "", report.beginning(at: now))
        guard !boot.isEmpty, began > .min,
            let state = stretches.last(where: { $0.boot == boot && ($0.first...$0.last).contains(number) }),
            state.began > .min, began - state.began >= Self.lostSeconds
        else { return .returned }
        let isAgain = restoredAt.map { now.seconds(since: $0) < Self.window } ?? false
        return isAgain ? .returned : .restored
    }
}

extension DeviceRecord {
    /// Whether a message that shows a receipt goes on from the newest report, so that it is not a copy's.
    ///
    /// A receipt of a later number is believed, as in a report: the store was put back to an earlier state.
    ///
    /// - Parameters:
    ///   - shown: The receipt that the message shows; nil for none.
    ///   - receipt: The receipt of the device with a number.
    /// - Returns: whether it does, or there is nothing to go on from.
    func goesOn(from shown: String?, receipt: (Int64) -> Receipt) -> Bool {
        guard let continuity, !continuity.stretches.isEmpty else { return true }
        if shown == continuity.answered.text || shown == continuity.shown { return true }
        let number = shown.flatMap(Receipt.number) ?? 0
        return number > continuity.answered.number && receipt(number).text == shown
    }
}

extension Continuity.Stretch {
    /// Whether a report of a boot goes on with the stretch: the machine has run as long as the scorer's clock, but for the time
    /// that a message takes.
    ///
    /// A machine whose memory was frozen for longer begins another stretch, so that each state is known with its running time.
    fileprivate func holds(boot: String, began: Int64) -> Bool {
        guard self.boot == boot, self.began > .min, began > .min else {
            return self.boot == boot && self.began == began
        }
        return abs(began - self.began) < Continuity.lostSeconds / 2
    }
}

extension Report {
    /// The number of the receipt that the report shows; nil if the scorer has not given it.
    fileprivate func givenNumber(by receipt: (Int64) -> Receipt) -> Int64? {
        self.receipt.flatMap(Receipt.number).flatMap { receipt($0).text == self.receipt ? $0 : nil }
    }

    /// Seconds since the epoch at which the boot began, by the scorer's clock and the machine's running time.
    ///
    /// A report without its running time never looks like a restored snapshot.
    fileprivate func beginning(at now: Timestamp) -> Int64 { facts.uptime.value.map { now.seconds - $0 } ?? .min }
}
