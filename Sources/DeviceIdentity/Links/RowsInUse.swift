internal import PostureModel
package import ScorerModel

/// A row that is linked to a device.
package struct LinkedRow: Sendable, Equatable {
    /// The row's `device_id`, in lower case.
    package let row: String
    /// The link.
    package let link: Link

    /// Creates a linked row.
    package init(row: String, link: Link) { (self.row, self.link) = (row, link) }
}

/// The row that gets a device's score, of those of one posture query that are linked to it.
package struct RowsInUse: Sendable, Equatable {
    /// The row in use once the query is answered; nil if there is none.
    package let use: RowUse?
    /// The rows that would count, and get nothing since another one is in use: a lending alarm.
    package let lending: [String]
    /// Whether ``use`` has to be committed before the query is answered: its row is another one, or might have been passed on.
    package let isChanged: Bool
    /// Whether the time of the last question should be saved.
    package let isOverdue: Bool
}

extension Claimant {
    /// Decides which of the rows of one query gets the device's score.
    ///
    /// The row in use keeps it. The use passes on at once if the newest report drops its id or a stronger link asks, but no more
    /// than twice in two polling intervals: ids that take turns in the reports would all score. Else it passes on once it was
    /// not asked about for two polling intervals.
    ///
    /// - Parameters:
    ///   - rows: The rows of the query that are linked to the device, each `device_id` once.
    ///   - pollingInterval: Seconds from one query of Cloudflare's to the next.
    ///   - liveness: The ages at the time of the query.
    /// - Returns: the row in use then, and the rows that would count beside it.
    package func rowsInUse(
        of rows: [LinkedRow],
        pollingInterval: Int64,
        _ liveness: Liveness
    ) -> RowsInUse {
        let current = record.use
        let own = rows.first { $0.row == current?.row }
        let challenger = rows.enumerated().filter { $0.element.row != current?.row }.min { one, other in
            let (left, right) = (one.element.link.strength.rank, other.element.link.strength.rank)
            return left != right ? left > right : one.offset < other.offset
        }?.element
        // The time that is saved may be older than the last question by as much as it is saved seldom.
        let silence = 2 * pollingInterval + RowUse.savedEvery
        let isLapsed = current.map { liveness.isPast($0.askedAt, silence) } ?? false
        let recent = current?.passedOn.filter { !liveness.isPast($0, 2 * pollingInterval) } ?? []
        var (winner, passesAtOnce) = (own, false)
        if let current, own != nil || !isLapsed {
            let rank = own?.link.strength.rank ?? current.strength.rank
            let isStronger = challenger.map { $0.link.strength.rank > rank } ?? false
            passesAtOnce = challenger != nil && (isStronger || drops(current)) && recent.count < RowUse.passLimit
            if passesAtOnce { winner = challenger }
        } else {
            winner = challenger ?? own
        }
        let passedOn = recent + (passesAtOnce ? [liveness.now] : [])
        let use = winner.map { RowUse($0, askedAt: liveness.now, passedOn: passedOn) } ?? current
        return RowsInUse(
            use: use,
            lending: rows.map(\.row).filter { $0 != use?.row },
            isChanged: use?.row != current?.row || own != nil && isLapsed,
            isOverdue: winner != nil && use?.isWorthSaving(insteadOf: current) == true
        )
    }

    /// Whether the newest report shows that the row in use is none of the device's any more.
    private func drops(_ use: RowUse) -> Bool {
        guard let id = Identifier(.warp, use.row) else { return true }
        switch reading {
        case .read: return !reads(id)
        case .noClient: return strength(of: id) == nil
        case .cannotTell: return false
        }
    }
}

extension Liveness {
    /// Whether a moment is longer ago than this, or of the future: then a clock that was wrong noted it.
    fileprivate func isPast(_ moment: Timestamp, _ seconds: Int64) -> Bool {
        !(-seconds...seconds).contains(age(of: moment))
    }
}

extension RowUse {
    fileprivate init(_ linked: LinkedRow, askedAt: Timestamp, passedOn: [Timestamp]) {
        self.init(
            device: linked.link.device,
            row: linked.row,
            kind: linked.link.kind,
            strength: linked.link.strength,
            agreeing: linked.link.agreeing,
            askedAt: askedAt,
            passedOn: passedOn
        )
    }

    /// The seconds after which the time of the last question is saved again, at least.
    fileprivate static let savedEvery: Int64 = 60

    /// Whether another link or time than the saved one is worth a write: the time once a minute at most.
    fileprivate func isWorthSaving(insteadOf saved: RowUse?) -> Bool {
        guard let saved else { return true }
        return (kind, strength, agreeing) != (saved.kind, saved.strength, saved.agreeing)
            || askedAt.seconds(since: saved.askedAt) >= Self.savedEvery || askedAt < saved.askedAt
    }
}
