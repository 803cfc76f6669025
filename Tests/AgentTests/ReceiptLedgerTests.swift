import PostureModel
import TestSupport
import Testing

@testable import Agent

/// Random histories of two senders on one machine against a scorer's rule.
@Suite("Receipts, whatever happens on the way")
struct ReceiptLedgerTests {
    /// The scorer's side of one device.
    private struct Scorer {
        var shown: String?
        var answered: String?
        var hasReport = false
        var lastNonce = -1
        var count = 0
        var returns = 0

        /// Takes a report; nil where its nonce is not newer than the last one's.
        mutating func take(_ message: Message) -> String? {
            guard message.nonce > lastNonce else { return nil }
            lastNonce = message.nonce
            if hasReport, message.receipt != shown, message.receipt != answered { returns += 1 }
            count += 1
            (hasReport, shown, answered) = (true, message.receipt, "r\(count)")
            return answered
        }
    }

    private struct Message {
        var sender: Int
        var nonce: Int
        var receipt: String?
        var answer: String?
        var isDelivered = false
    }

    @Test("are never such that an honest machine returns to an earlier state", arguments: 1...300)
    func honest(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let (device, scorerURL) = (SampleDevice.id(1), "https://scorer.test")
        var (ledger, scorer, now) = (ReceiptLedger(), Scorer(), SampleDevice.now)
        var nonces = 0
        var kept: [Int?] = [nil, nil]
        // The message that a sender waits for, and those that it gave up and that may arrive all the same.
        var waiting: [Message?] = [nil, nil]
        var astray: [Message] = []
        for _ in 0..<200 {
            let sender = Int.random(in: 0...1, using: &random)
            switch Int.random(in: 0..<12, using: &random) {
            case 0...3:
                if let message = waiting[sender] { astray.append(message) }
                if kept[sender] == nil || Bool.random(using: &random) {
                    nonces += 1
                    kept[sender] = nonces
                }
                let nonce = kept[sender] ?? 0
                kept[sender] = nil
                ledger.begin("\(sender)-\(nonce)", by: "\(sender)", at: now)
                let receipt = ledger.receipt(of: device, for: scorerURL)
                waiting[sender] = Message(sender: sender, nonce: nonce, receipt: receipt)
            case 4...6:
                guard var message = waiting[sender], !message.isDelivered else { continue }
                message.answer = scorer.take(message)
                message.isDelivered = true
                waiting[sender] = message
            case 7...9:
                guard let message = waiting[sender], let answer = message.answer else { continue }
                waiting[sender] = nil
                nonces += 1
                kept[sender] = nonces
                let nonce = "\(sender)-\(message.nonce)"
                _ = ledger.settle(nonce, receipt: answer, of: device, for: scorerURL)
            case 10:
                if let message = astray.popLast(), !message.isDelivered { _ = scorer.take(message) }
            default:
                guard Int.random(in: 0..<4, using: &random) == 0 else { continue }
                // Every nonce is too old after this, and no message can arrive.
                now = now.adding(seconds: ReceiptLedger.lifetime + 1)
                (waiting, kept, astray) = ([nil, nil], [nil, nil], [])
            }
        }
        #expect(scorer.returns == 0)
    }

    @Test("of one sender are stored each time, so that a copy of the machine is seen")
    func alone() {
        var (ledger, scorer) = (ReceiptLedger(), Scorer())
        var copy: ReceiptLedger?
        let device = SampleDevice.id(1)
        for nonce in 0..<10 {
            if nonce == 5 { copy = ledger }
            ledger.begin("\(nonce)", by: "a", at: SampleDevice.now)
            let answer = scorer.take(Message(sender: 0, nonce: nonce, receipt: ledger.receipt(of: device, for: "")))
            #expect(ledger.settle("\(nonce)", receipt: answer, of: device, for: "") == .stored)
            #expect(ledger.receipt(of: device, for: "") == "r\(nonce + 1)")
        }
        #expect(scorer.returns == 0)
        let old = copy?.receipt(of: device, for: "")
        #expect(old == "r5")
        _ = scorer.take(Message(sender: 0, nonce: 10, receipt: old))
        #expect(scorer.returns == 1)
    }
}
