internal import PostureModel
package import ScorerModel
internal import ScorerStore

/// What operators decide about what the scorer is not sure of.
extension Operators {
    /// The changes that are held, each in a sentence.
    package func held() async throws -> [String] {
        try await changes().map(Self.sentence)
    }

    /// Confirms the changes that are held.
    ///
    /// - Returns: each in a sentence.
    /// - Throws: ``OperatorError`` if nothing is held.
    package func confirmHeld() async throws -> [String] {
        let changes = try await changes()
        guard !changes.isEmpty else { throw OperatorError(.notFound, "nothing is held") }
        for (name, change) in changes {
            let entry = entry(.confirm, name, "\(change.effect.failing) of \(change.effect.passing) devices will fail")
            try await store.set("confirmed.\(name)", to: change.id, audit: entry)
            log(.confirm, entry)
        }
        return changes.map(Self.sentence)
    }

    /// Takes what a device claims for its own.
    ///
    /// - Returns: the device, and what is bound to it now.
    /// - Throws: ``OperatorError`` as ``resolve(_:)``, and where another device has a good claim, unless `force`.
    package func settle(_ text: String, force: Bool) async throws -> (device: DeviceSummary, identifiers: [Identifier])
    {
        let device = try await resolve(text)
        let entry = entry(.settle, device.device.rawValue)
        switch try await store.resolve(device.device, force: force, audit: entry) {
        case .unknown: throw OperatorError(.notFound, "the device \(device.device) is not known")
        case .belongsTo(let others):
            let names = others.map(\.rawValue).sorted().joined(separator: ", ")
            throw OperatorError(
                .conflict,
                "the claims of \(names) are carried by a certificate or better: look at 'posture-scorer devices contested', and if "
                    + "this one is right all the same, say --force (\"force\": true)"
            )
        case .resolved(let identifiers):
            log(.settle, entry)
            return (device, identifiers)
        }
    }

    /// Says that a device which looked like two machines is one.
    ///
    /// - Throws: ``OperatorError`` if it did not, and as ``resolve(_:)``.
    package func unflag(_ text: String) async throws -> DeviceSummary {
        let device = try await resolve(text)
        let entry = entry(.unflag, device.device.rawValue)
        guard try await store.unflag(device.device, audit: entry) else {
            throw OperatorError(.notFound, "the device \(device.device) does not look like two machines")
        }
        log(.unflag, entry)
        return device
    }

    private static func sentence(_ name: String, _ change: HeldChange) -> String {
        let since = Timestamp(microseconds: change.since)
        return
            "\(name): \(change.effect.failing) of the \(change.effect.passing) devices that pass would fail; held since \(since)"
    }

    private func changes() async throws -> [(name: String, change: HeldChange)] {
        var changes: [(String, HeldChange)] = []
        for name in ["policy", "crls"] {
            guard let text = try await store.setting("held.\(name)") else { continue }
            changes.append((name, try Wire.decode(from: Array(text.utf8))))
        }
        return changes
    }
}
