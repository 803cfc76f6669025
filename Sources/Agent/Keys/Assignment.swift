internal import OpenSSLBridge
internal import PostureModel
internal import Reporting

/// What is to be signed for a request, by the state of the key directory.
enum Assignment {
    /// A report with the receipt that was stored last.
    case report(DeviceKey, receipt: String?)
    /// A registration of the key, with an enrolment token if there is one.
    case registration(DeviceKey, token: String?)
    /// A look at the device's own record.
    case ownRecord(DeviceKey)
    /// The replacement of the key by a new one, which comes before every report.
    case keyReplacement(DeviceKey, by: PrivateKey, receipt: String?)
    /// The retirement, after which nothing is reported.
    case retirement(DeviceKey, receipt: String?)
}

extension KeyDirectory {
    /// Decides what to sign for a request, and has what depends on it on the disk.
    ///
    /// A replacement or a retirement that waits for the scorer is signed in the place of a report, also for the last time
    /// before a crash: the scorer may have taken it, and would take a report by the key before for a copy's.
    ///
    /// - Parameters:
    ///   - request: What is asked for.
    ///   - nonce: The message's nonce.
    ///   - audience: The scorer that the message is for.
    ///   - sender: The process that sends the message, or the service; it has one message on its way at a time.
    ///   - now: The machine's clock.
    /// - Returns: What is to be signed, and with which keys.
    /// - Throws: an error that names a file and says what to do; ``DeviceRetired`` where the device has retired.
    func begin(
        _ request: SigningRequest,
        nonce: String,
        for audience: String,
        by sender: String,
        at now: Timestamp
    ) throws -> Assignment {
        try locked {
            if request == .retirement || request == .keyReplacement, try !hasKey(), try !isRetired() {
                throw noKey
            }
            let contents = try contents()
            let receipt = { try ledger().receipt(of: contents.key.device, for: audience) }
            switch request {
            case .ownRecord: return .ownRecord(contents.key)
            case .registration(let token):
                guard !contents.isRetiring else { throw DeviceRetired() }
                let key = DeviceKey(key: contents.key.key, device: try contents.key.ownID)
                return .registration(key, token: token)
            case .retirement:
                if !contents.isRetiring { try beginRetirement() }
                return .retirement(contents.key, receipt: try receipt())
            case .report, .keyReplacement:
                if contents.isRetiring { return .retirement(contents.key, receipt: try receipt()) }
                if let newKey = contents.newKey {
                    return .keyReplacement(contents.key, by: newKey, receipt: try receipt())
                }
                var ledger = try ledger()
                if request == .keyReplacement {
                    let newKey = try newKey(ledger, sender, now)
                    return .keyReplacement(contents.key, by: newKey, receipt: try receipt())
                }
                ledger.begin(nonce, by: sender, at: now)
                // Where this cannot be kept, the answer's receipt will not be stored, and that is said then.
                try? save(ledger)
                return .report(contents.key, receipt: ledger.receipt(of: contents.key.device, for: audience))
            }
        }
    }

    private var noKey: AgentError {
        AgentError("\(path): there is no device's key yet: this machine has never reported")
    }

    /// Makes the new key, while no report by the key before can arrive after its replacement.
    private func newKey(_ ledger: ReceiptLedger, _ sender: String, _ now: Timestamp) throws -> PrivateKey {
        guard ledger.isQuiet(besides: sender, at: now) else {
            throw AgentError("another process of this machine reports, or did a moment ago: try again in six minutes")
        }
        try makeNewKey()
        guard let newKey = try contents().newKey else { throw AgentError("\(path): the new key is gone") }
        return newKey
    }

    /// The scorer decided on a message: what waited for that is done or discarded, and is on the disk afterwards.
    ///
    /// - Throws: a sentence that says what could not be kept.
    func settle(_ settlement: Settlement) throws {
        try locked {
            guard settlement.outcome == .taken else { return try discard(settlement.type) }
            guard try hasKey() || settlement.type == .retirement else { throw noKey }
            switch settlement.type {
            case .report: try store(settlement)
            case .registration: try forgetID()
            case .keyReplacement: try completeReplacement()
            case .retirement: try completeRetirement()
            case .ownRecord: break
            }
        }
    }

    /// The scorer refused a message for good: the key and the id stay, and reports go on.
    ///
    /// A retirement that it refuses is signed by the key in force, so that a new key that waits besides has not been taken
    /// either.
    private func discard(_ type: MessageType) throws {
        switch type {
        case .keyReplacement: try discardNewKey()
        case .retirement: try abandonRetirement()
        case .report, .registration, .ownRecord: break
        }
    }

    private func store(_ settlement: Settlement) throws {
        if let receipt = settlement.receipt, receipt.unicodeScalars.count > ReportAnswer.receiptLimit {
            throw AgentError("the scorer's receipt has more than \(ReportAnswer.receiptLimit) characters")
        }
        var ledger = try ledger()
        let device = try contents().key.device
        let outcome = ledger.settle(
            settlement.nonce,
            receipt: settlement.receipt,
            of: device,
            for: settlement.audience
        )
        guard outcome != .unknown else {
            throw AgentError("\(path): that the report was under way could not be written there: is the disk full?")
        }
        try save(ledger)
    }
}
