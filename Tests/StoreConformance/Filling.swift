package import PostureModel
package import ScorerModel
package import ScorerStore

/// Registrations and reports as a scorer commits them, by the plainest rules that there are: a store knows nothing of the true ones.
extension ScorerDatabase {
    /// Registers a device by the certificate `leaf`, by which `limit` devices may register.
    ///
    /// - Returns: whether the device is new and was let in.
    @discardableResult
    package func add(_ registration: VerifiedRegistration, limit: Int = 100_000, at now: Timestamp) async throws -> Bool
    {
        let request = Snapshot.Request(devices: [registration.device], certificates: ["leaf"])
        return try await decide(from: request) { snapshot in
            guard snapshot.records.isEmpty, snapshot.registrations["leaf"] ?? 0 < limit else { return (nil, false) }
            let record = DeviceRecord(
                device: registration.device,
                key: registration.key,
                registeredAt: now,
                registeredBy: .certificate(fingerprint: "leaf")
            )
            return (Commit([.countRegistration(fingerprint: "leaf", limit: limit), .device(record)]), true)
        }
    }

    /// Stores a report with the claims that it makes.
    ///
    /// - Throws: ``DecisionError/stale`` for one that is not newer than the stored one, and an error for an unknown device.
    package func accept(_ report: VerifiedReport, at now: Timestamp) async throws {
        let claimed = Filling.claims(of: report)
        let request = Snapshot.Request(devices: [report.report.device], identifiers: Set(claimed.keys))
        try await decide(from: request) { snapshot in
            let record = try require(snapshot.records[report.report.device])
            return (Commit(Filling.changes(report, receivedAt: now, of: record, over: snapshot)), ())
        }
    }
}

/// The plainest rules of what a report changes.
package enum Filling {
    /// What a report claims, and how well that is founded: by a key that it proves, or not.
    package static func claims(of verified: VerifiedReport) -> [Identifier: ClaimStrength] {
        let report = verified.report
        let keys = verified.checks.filter(\.proves).compactMap(\.key)
        let reported = [Identifier.serial(of: report)] + (report.warpIDs.value?.ids ?? []).map { Identifier(.warp, $0) }
        let strength: ClaimStrength = keys.isEmpty ? .reported : .proven
        let all = reported.compactMap { $0 }.map { ($0, strength) } + keys.map { (.key($0), .proven) }
        return Dictionary(all) { first, _ in first }
    }

    /// The changes of a report: the record, and the claims that are new, lost or differ.
    package static func changes(
        _ verified: VerifiedReport,
        receivedAt: Timestamp,
        of stored: DeviceRecord,
        over snapshot: Snapshot
    ) -> [Change] {
        var (record, report) = (stored, verified.report)
        record.newest = StoredReport(verified, receivedAt: receivedAt)
        record.listing = DeviceListing(report)
        record.serial = Identifier.serial(of: report)?.value ?? record.serial
        let claimed = claims(of: verified)
        record.reported = claimed.keys.filter { $0.kind != .key }.sorted()
        var changes: [Change] = [.report(record, names: DeviceName.all(of: report))]
        for held in stored.claims where claimed[held.claim.identifier] == nil {
            var set = snapshot.claims(to: held.claim.identifier)
            set.remove(record.device)
            changes.append(.claims(set))
        }
        for identifier in claimed.keys.sorted() {
            var (set, strength) = (snapshot.claims(to: identifier), claimed[identifier] ?? .reported)
            if identifier.kind == .serial {
                // What the inventory vouches for holds while its line does.
                let name = snapshot.inventory[identifier.value]?.certificateName
                let isExpected = verified.checks.contains { name != nil && $0.proves && $0.commonName == name }
                strength = isExpected ? .expected : strength
                changes.append(.requireExpectation(serial: identifier.value, certificateName: name))
            }
            let own = set.claim(of: record.device)
            guard own?.strength != strength, own != nil || set.claims.count < ClaimSet.limit else { continue }
            set.put(Claim(identifier: identifier, device: record.device, strength: strength, since: receivedAt))
            changes.append(.claims(set))
        }
        return changes
    }
}
