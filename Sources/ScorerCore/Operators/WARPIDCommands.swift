internal import DeviceIdentity
internal import Logging
package import PostureModel
internal import ScorerModel
internal import ScorerStore

/// WARP ids from Cloudflare's device list, for agents that cannot tell them.
extension OperatorCommands {
    /// How many lines one commit has at most.
    private static let pageSize = 200

    /// Assigns each WARP id of a list to the device that holds the serial number of its line.
    ///
    /// A line without one holder, or in conflict with another claim or another line, assigns nothing.
    ///
    /// - Parameters:
    ///   - file: The list.
    ///   - isDryRun: Whether to say what would happen, and change nothing.
    ///   - trustsReported: Whether a device that proves no certificate may hold a serial number by its word alone.
    /// - Returns: how many were assigned, and which lines were not.
    /// - Throws: ``OperatorError`` where something moved in between at every attempt; the lines before are assigned then.
    package func importWARPIDs(
        _ file: WARPIDFile,
        isDryRun: Bool,
        trustsReported: Bool = false
    ) async throws -> WARPIDImport {
        let (lines, skipped) = ReadLine.all(of: file)
        var outcome = WARPIDImport(isDryRun: isDryRun, skipped: skipped)
        for page in lines.pages(of: Self.pageSize) {
            let result = try await importPage(page, isDryRun: isDryRun, trustsReported: trustsReported)
            outcome.assigned += result.assigned
            outcome.unchanged += result.unchanged
            outcome.skipped += result.skipped
        }
        outcome.skipped.sort { $0.index < $1.index }
        return outcome
    }

    private func importPage(
        _ lines: ArraySlice<ReadLine>,
        isDryRun: Bool,
        trustsReported: Bool
    ) async throws -> WARPIDImport {
        let identifiers = Set(lines.flatMap { [$0.serial, $0.warpID] })
        // The holders' records come along.
        let request = Snapshot.Request(identifiers: identifiers, claimants: 1)
        let (outcome, entry) = try await decide(from: request) { snapshot in
            var outcome = WARPIDImport(isDryRun: isDryRun)
            var changes: [Change] = []
            for line in lines {
                switch line.assignment(over: snapshot, trustsReported: trustsReported, at: now) {
                case .failure(let failure): outcome.skipped.append(line.skipped(failure.reason, failure.devices))
                case .success([]): outcome.unchanged += 1
                case .success(let claims):
                    outcome.assigned += 1
                    changes += claims.map(Change.claims)
                }
            }
            guard !changes.isEmpty, !isDryRun else { return (commit: nil, result: (outcome, nil as AuditEntry?)) }
            let count = outcome.assigned == 1 ? "1 WARP id" : "\(outcome.assigned) WARP ids"
            let entry = self.entry(.importWARPIDs, "warp-ids", "\(count) assigned by serial number")
            return (Commit(changes, audit: entry), (outcome, entry))
        }
        if let entry { log(.importWARPIDs, entry) }
        return outcome
    }
}

/// A line whose identifiers are good.
private struct ReadLine {
    let index: Int
    let line: WARPIDFile.Line
    let serial: Identifier
    let warpID: Identifier

    /// Reads the lines of a list; those that are not good, or have what another line has, are skipped.
    static func all(of file: WARPIDFile) -> (lines: [ReadLine], skipped: [WARPIDImport.Skipped]) {
        var skipped: [WARPIDImport.Skipped] = []
        var lines: [ReadLine] = []
        for (index, line) in file.lines.enumerated() {
            do throws(OperatorError) {
                let serial = try ReadIdentifier.serial(line.serial, at: line.place).identifier
                let warpID = try ReadIdentifier.warpID(line.warpID, at: line.place).identifier
                lines.append(ReadLine(index: index, line: line, serial: serial, warpID: warpID))
            } catch {
                skipped.append(WARPIDImport.Skipped(index, line, .unreadable, detail: error.description))
            }
        }
        let counts = Dictionary(lines.flatMap { [($0.serial, 1), ($0.warpID, 1)] }, uniquingKeysWith: +)
        let isTwice = { (line: ReadLine) in counts[line.serial] != 1 || counts[line.warpID] != 1 }
        skipped += lines.filter(isTwice).map { $0.skipped(counts[$0.warpID] != 1 ? .repeatedID : .repeatedSerial, []) }
        return (lines.filter { !isTwice($0) }, skipped)
    }

    func skipped(_ reason: WARPIDImport.Skipped.Reason, _ devices: [DeviceID]) -> WARPIDImport.Skipped {
        WARPIDImport.Skipped(index, line, reason, devices: devices)
    }

    struct Failure: Error {
        let reason: WARPIDImport.Skipped.Reason
        let devices: [DeviceID]
    }

    /// The claims that change where the device that holds the serial number gets the id; none where it has it already.
    func assignment(
        over snapshot: Snapshot,
        trustsReported: Bool,
        at now: Timestamp
    ) -> Result<[ClaimSet], Failure> {
        let holders = snapshot.claims(to: serial)
        guard let first = holders.claims.first, let record = snapshot.records[first.device] else {
            return .failure(Failure(reason: .noHolder, devices: []))
        }
        let equals = holders.claims.filter { $0.strength.rank == first.strength.rank }.map(\.device)
        guard equals.count == 1 else { return .failure(Failure(reason: .severalHolders, devices: equals)) }
        guard trustsReported || first.strength != .reported else {
            return .failure(Failure(reason: .onlyReported, devices: equals))
        }
        switch record.assigning([warpID], over: snapshot, force: false, at: now) {
        case .heldByOthers(let others):
            return .failure(Failure(reason: .heldByAnother, devices: others.sorted { $0.rawValue < $1.rawValue }))
        case .assigned(_, claims: []): return .success([])
        // The serial number has to be held by this device still.
        case .assigned(_, let claims): return .success([holders] + claims)
        }
    }
}

/// The outcome of an import of WARP ids.
package struct WARPIDImport: Sendable, Equatable, Encodable {
    /// Whether nothing was changed, and this is what would happen.
    package let isDryRun: Bool
    /// How many ids were assigned.
    package var assigned = 0
    /// How many were assigned to their devices already.
    package var unchanged = 0
    /// The lines that assigned nothing, in their order.
    package var skipped: [Skipped] = []

    private enum CodingKeys: String, CodingKey {
        case isDryRun = "dry_run"
        case assigned, unchanged, skipped
    }

    /// A line that assigned nothing.
    package struct Skipped: Sendable, Equatable, Encodable {
        /// The reasons for which a line assigns nothing.
        package enum Reason: String, Sendable, Encodable, CaseIterable {
            /// The serial number or the id is none.
            case unreadable
            /// Another line has the same id.
            case repeatedID = "repeated_id"
            /// Another line has the same serial number.
            case repeatedSerial = "repeated_serial_number"
            /// No device claims the serial number.
            case noHolder = "no_holder"
            /// Several devices claim the serial number equally well.
            case severalHolders = "several_holders"
            /// The device that claims the serial number proves no certificate.
            case onlyReported = "only_reported"
            /// The id is carried by another device's certificate, expected of it, or assigned to it.
            case heldByAnother = "held_by_another"
        }

        /// The number of the line.
        let index: Int
        /// Where the line is: `line 3`, or `items.2`.
        package let place: String
        /// The serial number as it is written, made printable.
        package let serial: String
        /// The WARP id as it is written, made printable.
        package let warpID: String
        /// The reason.
        package let reason: Reason
        /// What is wrong with what is written; nil for other reasons.
        package let detail: String?
        /// The devices that claim the serial number, or the id.
        package let devices: [DeviceID]

        init(
            _ index: Int,
            _ line: WARPIDFile.Line,
            _ reason: Reason,
            detail: String? = nil,
            devices: [DeviceID] = []
        ) {
            (self.index, self.reason, self.detail, self.devices) = (index, reason, detail, devices)
            place = line.place
            (serial, warpID) = (line.serial.trimmed().printable(limit: 64), line.warpID.trimmed().printable(limit: 64))
        }

        private enum CodingKeys: String, CodingKey {
            case place, serial, reason, detail, devices
            case warpID = "warp_id"
        }
    }
}

extension OperatorAction {
    static let importWARPIDs = OperatorAction("warp_ids.import", "WARP ids assigned by serial number")
}
