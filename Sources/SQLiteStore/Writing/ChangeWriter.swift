internal import GRDB
internal import PostureModel
internal import ScorerModel

/// Makes changes within one write transaction, each on its condition.
struct ChangeWriter {
    let database: Database

    /// Makes a commit; where it is not ``CommitOutcome/committed``, the caller rolls back.
    func make(_ commit: Commit) throws -> CommitOutcome {
        for change in commit.changes {
            let outcome = try make(change)
            guard outcome == .committed else { return outcome }
        }
        guard try isWithinLimits(commit) else { return .conflict }
        try commit.audit.map(add)
        return .committed
    }

    /// Counts once for a whole commit what may be many rows.
    private func isWithinLimits(_ commit: Commit) throws -> Bool {
        let hasBlock = commit.changes.contains { if case .block = $0 { true } else { false } }
        return try !hasBlock || count("block") <= Block.limit
    }

    private func make(_ change: Change) throws -> CommitOutcome {
        switch change {
        case .device(let record): try write(record)
        case .report(let record, let names): try write(record, names)
        case .deleteDevice(let device, let version): try delete(device, version)
        case .tag(let device, let tags): try tag(device, tags)
        case .untag(let device, let names): try untag(device, names)
        case .notice(let notice): try add(notice)
        case .clearNotices(let device): try clearNotices(of: device)
        case .use(let device, let use, let earlier, let askedAt):
            try self.use(device, use, insteadOf: earlier, askedAt: askedAt)
        case .claims(let claims): try write(claims)
        case .requireExpectation(let serial, let name):
            try condition(SnapshotReader.expectedCertificate(of: serial, database) == name)
        case .requireInventory(let version): try condition(SnapshotReader.inventoryVersion(database) == version)
        case .useToken(let hash, let now): try useToken(hash, at: now)
        case .countRegistration(let fingerprint, let limit):
            try condition(SnapshotReader.registrations(by: fingerprint, database) < limit)
        case .addToken(let token): try add(token)
        case .removeToken(let hash): try run("DELETE FROM enrolment_token WHERE hash = ?", [hash])
        case .addCA(let ca, let limit): try add(ca, limit)
        case .removeCA(let id): try run("DELETE FROM trusted_ca WHERE id = ?", [id])
        case .block(let block): try add(block)
        case .unblock(let device): try run("DELETE FROM block WHERE device = ?", [device.rawValue])
        case .waive(let waiver): try add(waiver)
        case .removeWaiver(let device, let rule):
            try run("DELETE FROM waiver WHERE device = ? AND rule = ?", [device.rawValue, rule])
        case .importInventory(let items, let replacing, let now): try importInventory(items, replacing, now)
        case .newSetting(let name, let text): try setNew(name, text)
        case .setting(let name, let text): try set(name, text)
        }
    }

    /// Runs a statement that has to change something.
    @discardableResult
    func run(_ sql: String, _ arguments: StatementArguments) throws -> CommitOutcome {
        try database.cachedStatement(sql: sql).execute(arguments: arguments)
        return condition(database.changesCount > 0)
    }

    func condition(_ holds: Bool) -> CommitOutcome { holds ? .committed : .conflict }

    func count(_ table: String) throws -> Int { try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM \(table)") ?? 0 }

    func exists(_ sql: String, _ arguments: StatementArguments) throws -> Bool {
        try Row.fetchOne(database.cachedStatement(sql: sql), arguments: arguments) != nil
    }
}
