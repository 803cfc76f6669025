package import DeviceIdentity
package import PostureModel
internal import ScorerModel
package import ScorerStore

/// The rows that matched no device, on their way to the store.
///
/// Answers do not wait for it: rows are written with the next heartbeat.
package actor UnmatchedDevices {
    /// How many are waiting at most; more are forgotten, and asked about again.
    package static let limit = 5000

    private var waiting: [String: UnmatchedDevice] = [:]
    private var matched: Set<String> = []

    /// Adds rows, each with the reason why it matched no device, and those that matched one.
    package func add(_ rows: [(row: PostureRow, reason: String)], matched ids: [String], at now: Timestamp) {
        for (row, reason) in rows { add(row, reason, at: now) }
        for id in ids {
            waiting[id] = nil
            if matched.count < Self.limit { matched.insert(id.printable(limit: 128)) }
        }
    }

    private func add(_ asked: PostureRow, _ reason: String, at now: Timestamp) {
        matched.remove(asked.deviceID.printable(limit: 128))
        guard waiting.count < Self.limit || waiting[asked.deviceID] != nil else { return }
        waiting[asked.deviceID] = UnmatchedDevice(
            warpID: asked.deviceID.printable(limit: 128),
            serial: asked.serialNumber.printable(limit: 128),
            hostname: asked.hostname.printable(limit: 128),
            email: asked.email.printable(limit: 256),
            ipv4: asked.virtualIPv4.printable(limit: 64),
            reason: reason,
            firstAt: waiting[asked.deviceID]?.firstAt ?? now,
            lastAt: now
        )
    }

    /// Writes those that wait; they wait on where the store does not take them.
    package func flush(to store: any ServiceStore) async throws {
        let (taken, known) = (waiting, matched)
        (waiting, matched) = ([:], [])
        do { try await store.remember(taken.values.sorted { $0.warpID < $1.warpID }, matched: known.sorted()) } catch {
            waiting.merge(taken) { new, _ in new }
            matched.formUnion(known.subtracting(waiting.values.map(\.warpID)))
            throw error
        }
    }
}
