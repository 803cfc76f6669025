package import PostureModel

extension DeviceRecord {
    /// The devices that a certificate's key counts for in place of this one; empty where it may count for this one.
    ///
    /// A key is held by the devices that have proven it, the strongest claim first and of equals the oldest, as many as
    /// `limit`. Those whose newest report is stale do not count: while they are silent the key passes on, and when they come
    /// back they have it back.
    ///
    /// - Parameters:
    ///   - key: The key, as ``CheckVerdict/key`` has it.
    ///   - limit: How many devices may hold one key.
    ///   - liveness: The ages of reports at this moment.
    /// - Returns: the devices that proved the key before this one, as many as may hold it or more; none if this one may.
    package func holders(insteadOfOwn key: String, limit: Int, _ liveness: Liveness) -> [DeviceID] {
        guard let held = claim(to: .key(key)) else { return [] }
        // A silent or retired device, and one that has not proven the key, is behind all that have.
        let isLive = retiredAt == nil && liveness.isLive(newest?.receivedAt)
        let isBehindAll = held.claim.strength == .reported || !isLive
        let ahead = held.rivals.filter { rival in
            rival.claim.strength != .reported && liveness.isLive(rival.lastReport)
                && (isBehindAll || rival.claim.comesBefore(held.claim))
        }
        return ahead.count < limit ? [] : ahead.map(\.claim.device)
    }

    /// Whether a certificate's key may count for this device: it claims the key, and no other device holds it.
    ///
    /// A device that gave up its keys claims none, and neither does one that came when too many others had proven the key.
    package func mayHold(_ key: String, limit: Int, _ liveness: Liveness) -> Bool {
        retiredAt == nil && claim(to: .key(key)) != nil && holders(insteadOfOwn: key, limit: limit, liveness).isEmpty
    }

    /// The keys that the device has proven, and that count for it.
    package func heldKeys(limit: Int, _ liveness: Liveness) -> Set<String> {
        Set(
            claims(.key).filter { $0.claim.strength != .reported }.map(\.claim.identifier.value).filter {
                holders(insteadOfOwn: $0, limit: limit, liveness).isEmpty
            }
        )
    }
}
