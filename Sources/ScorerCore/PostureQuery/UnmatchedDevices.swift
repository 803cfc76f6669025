package import DeviceIdentity
package import PostureModel
internal import ScorerModel
package import ScorerStore

/// The devices that Cloudflare asked about and that are none of ours, on their way to the store.
///
/// Answers do not wait for it: what was asked is written with the next sign of life.
package actor UnmatchedDevices {
    /// How many are waiting at most; more are forgotten, and asked about again.
    package static let limit = 5000

    private var waiting: [String: Stranger] = [:]

    package func add(_ asked: AskedDevice, _ reason: String, at now: Timestamp) {
        guard waiting.count < Self.limit || waiting[asked.deviceID] != nil else { return }
        waiting[asked.deviceID] = Stranger(
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
    package func flush(to store: any ReportStore) async throws {
        let taken = waiting
        waiting = [:]
        do { try await store.remember(taken.values.sorted { $0.warpID < $1.warpID }) } catch {
            waiting.merge(taken) { new, _ in new }
            throw error
        }
    }
}
