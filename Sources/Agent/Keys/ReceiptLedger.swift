internal import PostureModel

/// The receipts of the scorers' answers, and the reports that are on their way.
///
/// A report shows the receipt that was stored last. A scorer takes a report that shows the receipt of its newest answer, or
/// the one that its newest report showed; any other is that of a machine that returned to an earlier state. So a receipt
/// is stored only where its answer was certainly the newest: not where a report of another process, such as that of
/// `postured report --direct` beside the daemon, may have arrived meanwhile. Where none is stored, each shows the one
/// before, which the scorer takes.
///
/// Of one process the newer report is the newest for the scorer, too: it takes no nonce that is older than that of the last
/// report.
struct ReceiptLedger: Sendable, Equatable, Codable {
    /// The seconds after which a report that was begun cannot arrive any more: its nonce is too old by then.
    static let lifetime: Int64 = 360
    /// The most receipts, each of one device and scorer, and the most reports on their way.
    static let limit = 8

    private var receipts: [Stored] = []
    private var begun: [Begun] = []

    /// The receipt of a scorer's answer to a device.
    private struct Stored: Sendable, Equatable, Codable {
        var scorer: String
        var device: DeviceID
        var receipt: String
    }

    /// A report that was signed, and whose answer is not known yet.
    private struct Begun: Sendable, Equatable, Codable {
        var nonce: String
        var sender: String
        var at: Timestamp
        var overlaps: Bool

        /// Whether it can still arrive; a clock that was set says nothing of what was begun before.
        func isAlive(at now: Timestamp) -> Bool {
            (-ReceiptLedger.lifetime...ReceiptLedger.lifetime).contains(now.seconds(since: at))
        }
    }

    /// What became of a receipt.
    enum Outcome: Sendable, Equatable {
        /// It is the one to show from now on.
        case stored
        /// Another process's report was on its way, too: the receipt before stays.
        case overlapped
        /// That the report was begun was not kept: the receipt before stays.
        case unknown
    }

    /// Whether no report of another sender can be on its way.
    func isQuiet(besides sender: String, at now: Timestamp) -> Bool {
        begun.allSatisfy { $0.sender == sender || !$0.isAlive(at: now) }
    }

    /// The receipt to show to a scorer; nil where it gave none to this device.
    func receipt(of device: DeviceID, for scorer: String) -> String? {
        receipts.first { $0.device == device && $0.scorer == scorer }?.receipt
    }

    /// A report is signed with a nonce; a sender has one on its way at a time.
    mutating func begin(_ nonce: String, by sender: String, at now: Timestamp) {
        begun.removeAll { $0.sender == sender || !$0.isAlive(at: now) }
        let overlaps = !begun.isEmpty
        for index in begun.indices { begun[index].overlaps = true }
        begun.append(Begun(nonce: nonce, sender: sender, at: now, overlaps: overlaps))
        begun = begun.suffix(Self.limit)
    }

    /// The scorer answered the report with this nonce; where it gave a receipt, that is stored.
    mutating func settle(_ nonce: String, receipt: String?, of device: DeviceID, for scorer: String) -> Outcome {
        guard let index = begun.firstIndex(where: { $0.nonce == nonce }) else { return .unknown }
        guard !begun.remove(at: index).overlaps else { return .overlapped }
        guard let receipt else { return .stored }
        receipts.removeAll { $0.device == device && $0.scorer == scorer }
        receipts.append(Stored(scorer: scorer, device: device, receipt: receipt))
        receipts = receipts.suffix(Self.limit)
        return .stored
    }
}
