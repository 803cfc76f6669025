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

    /// Adds rows, each with the reason why it matched no device.
    package func add(_ rows: [(row: PostureRow, reason: String)], at now: Timestamp) {
        for (row, reason) in rows { add(row, reason, at: now) }
    }

    private func add(_ asked: PostureRow, _ reason: String, at now: Timestamp) {
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
        let taken = waiting
        waiting = [:]
        do { try await store.remember(taken.values.sorted { $0.warpID < $1.warpID }) } catch {
            waiting.merge(taken) { new, _ in new }
            throw error
        }
    }
}
