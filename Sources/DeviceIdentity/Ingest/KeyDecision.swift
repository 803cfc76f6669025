internal import PostureModel
internal import ScorerModel

/// A certificate key of a report, as the claims to it decide for whom it counts.
struct KeyDecision {
    let record: DeviceRecord
    let limit: Int
    let liveness: Liveness

    /// Whether a key counts for the device.
    func holds(_ key: String) -> Bool {
        record.mayHold(key, limit: limit, liveness)
    }

    /// The verdicts, of which none proves by a key that counts for another device.
    func holding(_ verdicts: [CheckVerdict]) -> [CheckVerdict] {
        verdicts.map { verdict in
            guard verdict.proves, let key = verdict.key, !holds(key) else { return verdict }
            var held = verdict
            held.proves = false
            return held
        }
    }

    /// What operators should know of the keys that the device has just proven.
    ///
    /// - Parameters:
    ///   - keys: The keys that the report proves.
    ///   - previous: When the report before was received; nil if there is none.
    ///   - now: The time of receipt.
    /// - Returns: the notices, also those that are known already.
    func notices(of keys: [String], previous: Timestamp?, at now: Timestamp) -> [IdentityNotice] {
        let silent = previous.flatMap { liveness.isLive($0) ? nil : $0 }
        return keys.flatMap { key in
            guard holds(key) else { return [IdentityNotice]() }
            return passedOn(key, at: now) + (silent.map { takenBack(key, silentSince: $0, at: now) } ?? [])
        }
    }

    private func rivals(for key: String) -> [DeviceRecord.Rival] {
        (record.claim(to: .key(key))?.rivals ?? []).filter { $0.claim.strength != .reported }
    }

    /// A key that counts for the device only since an earlier holder is silent.
    private func passedOn(_ key: String, at now: Timestamp) -> [IdentityNotice] {
        guard let own = record.claim(to: .key(key))?.claim else { return [] }
        let ahead = rivals(for: key).filter { $0.claim.comesBefore(own) }
        // One that retired gave the key up by itself.
        let reporting = ahead.filter { $0.lastReport != nil }
        guard reporting.count >= limit, let silent = reporting.first(where: { !liveness.isLive($0.lastReport) }) else {
            return []
        }
        return [
            IdentityNotice(.certificateKeyPassedOn, of: record.device, other: silent.claim.device.rawValue, since: now)
        ]
    }

    /// A key that counted for other devices while this one was silent, also for one that is silent itself by now.
    private func takenBack(_ key: String, silentSince last: Timestamp, at now: Timestamp) -> [IdentityNotice] {
        guard let own = record.claim(to: .key(key))?.claim else { return [] }
        let ahead = rivals(for: key).count { $0.claim.comesBefore(own) && liveness.isLive($0.lastReport) }
        let behind = rivals(for: key).filter { rival in
            guard own.comesBefore(rival.claim), let report = rival.lastReport else { return false }
            return liveness.isLive(report) || !liveness.moved(to: report).isLive(last)
        }
        // Without this device, so many of those behind it held the key; with it one fewer do.
        guard ahead < limit, behind.count >= limit - ahead else { return [] }
        let lost = behind[limit - ahead - 1].claim.device
        return [IdentityNotice(.certificateKeyReturned, of: record.device, other: lost.rawValue, since: now)]
    }
}
