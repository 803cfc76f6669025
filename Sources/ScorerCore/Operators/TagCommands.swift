internal import Logging
package import PostureModel
package import ScorerModel
internal import ScorerStore

/// Tags of devices, which put them into groups of the policy.
extension OperatorCommands {
    /// Gives a device tags.
    ///
    /// - Throws: ``OperatorError`` for a name that no group may have, where there is no room for them, and as
    ///   ``findDevice(_:)``.
    package func tag(_ text: String, names: [String]) async throws -> TagOutcome {
        let names = try Self.names(names)
        let device = try await findDevice(text)
        return try await changeTags(device, .tag, names) { record in
            let new = Set(names.map { DeviceTag($0, .operators) }).subtracting(record.tags)
            guard record.tags.count + new.count <= DeviceTag.limit else {
                throw OperatorError(
                    .conflict,
                    "the device would have more than \(DeviceTag.limit) tags: take away those that it does not need"
                )
            }
            guard !new.isEmpty else { return ([], record.tags) }
            return ([.tag(record.device, new.sorted { $0.name < $1.name })], record.tags.union(new))
        }
    }

    /// Takes tags from a device, whatever gave them.
    ///
    /// The next report of the device brings back one that a certificate or a line of
    /// the inventory still gives.
    ///
    /// - Throws: ``OperatorError`` for a tag that the device does not have, and as ``findDevice(_:)``.
    package func untag(_ text: String, names: [String]) async throws -> TagOutcome {
        let names = try Self.names(names)
        let device = try await findDevice(text)
        return try await changeTags(device, .untag, names) { record in
            let missing = names.filter { name in !record.tags.contains { $0.name == name } }
            guard missing.isEmpty else {
                throw OperatorError(
                    .notFound,
                    "the device \(record.device) has no tag \(missing.map { "'\($0)'" }.joined(separator: ", "))",
                    .showDevice(record.device)
                )
            }
            return ([.untag(record.device, names: names)], record.tags.filter { !names.contains($0.name) })
        }
    }

    private func changeTags(
        _ device: DeviceSummary,
        _ action: OperatorAction,
        _ names: [String],
        _ body: (DeviceRecord) throws -> (changes: [Change], tags: Set<DeviceTag>)
    ) async throws -> TagOutcome {
        let entry = entry(action, device.device.rawValue, names.joined(separator: ", "))
        let (tags, isChanged) = try await decide(from: .init(devices: [device.device])) { snapshot in
            guard let record = snapshot.records[device.device] else { throw Self.unknown(device) }
            let (changes, tags) = try body(record)
            let commit = changes.isEmpty ? nil : Commit(changes, audit: entry)
            return (commit: commit, result: (tags: tags, isChanged: !changes.isEmpty))
        }
        if isChanged { log(action, entry) }
        return TagOutcome(device: device.device, tags: tags.sortedByName)
    }

    /// The names of tags, each once, as a group of the policy may have them.
    private static func names(_ given: [String]) throws(OperatorError) -> [String] {
        var names: [String] = []
        for text in given {
            let name = text.trimmed()
            guard !name.isEmpty, name.utf8.count <= 64, name.printable() == name else {
                throw OperatorError(
                    .malformed,
                    "'\(text.printable(limit: 64))' is no name of a tag: give 1 to 64 printable bytes, as groups of the policy have them"
                )
            }
            if !names.contains(name) { names.append(name) }
        }
        guard !names.isEmpty else { throw OperatorError(.malformed, "no tag is named") }
        return names
    }
}

extension Set<DeviceTag> {
    /// The tags in the order of their names.
    var sortedByName: [DeviceTag] { sorted { ($0.name, "\($0.origin)") < ($1.name, "\($1.origin)") } }
}

/// The tags of a device after a change.
package struct TagOutcome: Sendable, Encodable {
    /// The device.
    package let device: DeviceID
    /// All its tags.
    package let tags: [DeviceTag]
}

extension OperatorAction {
    static let tag = OperatorAction("device.tag", "device tagged", subject: "device")
    static let untag = OperatorAction("device.untag", "tags taken from a device", subject: "device")
}
