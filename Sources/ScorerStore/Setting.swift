internal import PostureModel
package import ScorerModel

/// A value that scorers keep under a name.
package struct Setting<Value: Codable & Sendable>: Sendable {
    /// The name in the store.
    package let name: String

    /// The change that keeps the first value.
    package func change(toNew value: Value) throws -> Change {
        .newSetting(name: name, text: String(decoding: try Wire.encode([value]), as: UTF8.self))
    }

    /// The change that keeps a value, or forgets it.
    package func change(to value: Value?) throws -> Change {
        .setting(name: name, text: try value.map { String(decoding: try Wire.encode([$0]), as: UTF8.self) })
    }
}

extension Setting<String> {
    /// The key of receipts, in base64url.
    package static var receiptKey: Self { Self(name: "receipt-key") }

    /// The text of the policy in force.
    package static var policy: Self { Self(name: "policy") }

    /// The digest of the change that an operator approved.
    package static func approved(_ subject: PendingChange.Subject) -> Self {
        Self(name: "approved.\(subject.rawValue)")
    }
}

extension Setting<PendingChange> {
    /// The change that waits for approval.
    package static func pending(_ subject: PendingChange.Subject) -> Self {
        Self(name: "pending.\(subject.rawValue)")
    }
}

extension ServiceStore {
    /// The value of a setting; nil if there is none.
    ///
    /// - Throws: what the store throws, and an error for a value that cannot be read.
    package func value<Value>(of setting: Setting<Value>) async throws -> Value? {
        guard let text = try await settingText(setting.name) else { return nil }
        let values: [Value] = try Wire.decode(from: Array(text.utf8))
        return values.first
    }
}
