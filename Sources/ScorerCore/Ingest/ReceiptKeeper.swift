internal import OpenSSLBridge
internal import PostureModel
internal import ScorerModel
internal import ScorerStore

/// Gives the receipts of reports, with a key that all scorers of a store share.
struct ReceiptAuthority: Sendable {
    private let key: [UInt8]

    init(key: [UInt8]) { self.key = key }

    /// The receipt of a device with a number: the code is the first 16 bytes of HMAC-SHA-256 over both.
    func receipt(of device: DeviceID, number: Int64) -> Receipt {
        let message = Array("\(device.rawValue).\(number)".utf8)
        return Receipt(number: number, code: Array(Digest.hmacSHA256(key: key, message: message).prefix(16)))
    }
}

/// Keeps the key of receipts, which is made once and goes with the database into its backups.
actor ReceiptKeeper {
    private let store: any DeviceStore & ServiceStore
    private var known: ReceiptAuthority?

    init(store: any DeviceStore & ServiceStore) { self.store = store }

    /// The authority over receipts.
    ///
    /// - Throws: what the store throws.
    func authority() async throws -> ReceiptAuthority {
        if let known { return known }
        if try await store.value(of: .receiptKey) == nil {
            // Of two scorers that start at once, the first one's stays.
            let key = Base64URL.encode(Digest.random(count: 32))
            _ = try await store.commit([Setting.receiptKey.change(toNew: key)])
        }
        guard let text = try await store.value(of: .receiptKey), let key = Base64URL.decode(text) else {
            throw Problem(.unavailable, "the key of receipts in the database cannot be read")
        }
        let authority = ReceiptAuthority(key: key)
        known = authority
        return authority
    }
}
