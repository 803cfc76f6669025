import OpenSSLBridge
@_spi(Signing) import PostureModel
import Reporting
import Synchronization
import TestSupport

/// A scorer on loopback that goes by the rules of receipts, key replacements and retirements, and verifies signatures.
final class ModelScorer: Sendable {
    /// What becomes of a message on its way.
    enum Fate: Sendable {
        case arrives
        /// The scorer does not get it.
        case isLost
        /// The scorer takes it, and its answer does not arrive.
        case answerIsLost
    }

    struct Record: Sendable {
        var key: JWK
        var keyBefore: JWK?
        var hasReported = false
        /// Whether the alarm is on that two machines have the key.
        var isCopied = false
        var shown: String?
        var answered: String?
        var lastNonce = 0
    }

    struct State: Sendable {
        var records: [String: Record] = [:]
        var alarms: [String] = []
        var reports: [Report] = []
        var types: [MessageType] = []
        var fates: [Fate] = []
        var nonces = 0
    }

    private let shared: Shared
    let server: LoopbackServer

    init() throws {
        let state = Shared()
        server = try LoopbackServer { request, connection in
            let count = state.value.withLock { state in
                state.nonces += 1
                return state.nonces
            }
            let nonce = ["Replay-Nonce": "\(count)"]
            guard request.method == "POST" else { return connection.answer(204, nonce) }
            let fate = state.value.withLock { $0.fates.isEmpty ? .arrives : $0.fates.removeFirst() }
            if fate == .isLost { return connection.close() }
            do {
                let body = try state.value.withLock { try $0.take(request.path, request.body) }
                if fate == .answerIsLost { return connection.close() }
                connection.answer(200, nonce, body)
            } catch {
                if fate == .answerIsLost { return connection.close() }
                let problem = error as? Problem ?? Problem(.malformed, "\(error)")
                let type = ["Content-Type": "application/problem+json"]
                connection.answer(problem.status, nonce.merging(type) { $1 }, (try? Wire.pretty(problem)) ?? "")
            }
        }
        shared = state
    }

    private final class Shared: Sendable {
        let value = Mutex(State())
    }

    /// What becomes of the next messages; those after them arrive.
    func fates(_ fates: Fate...) { shared.value.withLock { $0.fates = fates } }
    /// Takes the next message, whose answer is lost.
    ///
    /// libcurl sends a message again where a connection that it has kept ends without an answer.
    func loseAnswer() { fates(.answerIsLost, .isLost) }
    /// Clears the alarms: each device goes on from whatever it shows next.
    func clear() {
        shared.value.withLock { state in
            for device in state.records.keys {
                state.records[device]?.isCopied = false
                state.records[device]?.hasReported = false
            }
        }
    }
    /// Forgets every device.
    func forget() { shared.value.withLock { $0.records = [:] } }
    var alarms: [String] { shared.value.withLock(\.alarms) }
    var reports: [Report] { shared.value.withLock(\.reports) }
    var records: [String: Record] { shared.value.withLock(\.records) }
    /// The kinds of the messages that it took.
    var types: [MessageType] { shared.value.withLock(\.types) }
}

extension ModelScorer.State {
    /// Takes a message, and returns the answer's text.
    fileprivate mutating func take(_ path: String, _ body: [UInt8]) throws -> String {
        let message = try JWS(parsing: body)
        guard let own = message.signatures.first(where: { $0.header.role == ProtectedHeader.deviceRole }) else {
            throw Problem(.malformed)
        }
        guard own.header.typ.path == path, own.header.url.hasSuffix(path) else { throw Problem(.wrongAudience) }
        switch own.header.typ {
        case .registration: return try register(message, own)
        case .report, .retirement, .keyReplacement, .ownRecord: break
        }
        guard let kid = own.header.kid, var record = records[kid] else { throw Problem(.unknownDevice) }
        guard let nonce = Int(own.header.nonce), nonce > record.lastNonce else { throw Problem(.badNonce) }
        let isCurrent = try own.verifies(message, by: record.key)
        let isBefore = try record.keyBefore.map { try own.verifies(message, by: $0) } ?? false
        guard isCurrent || isBefore else { throw Problem(.badSignature) }
        if isBefore, own.header.typ != .keyReplacement {
            alarms.append("\(own.header.typ.rawValue) by the key before")
            throw Problem(.replacedKey)
        }
        if own.header.typ.comesBeforeReports, try !isBefore && !record.takesChange(own.header.typ, message) {
            records[kid]?.isCopied = true
            alarms.append("a copy's \(own.header.typ.rawValue)")
            throw Problem(.conflict, "two machines have this key")
        }
        record.lastNonce = nonce
        defer { types.append(own.header.typ) }
        let answer: String
        switch own.header.typ {
        case .report: answer = try report(message, &record)
        case .keyReplacement: answer = try replace(message, &record, isRepeated: isBefore)
        default:
            let payload: Retirement = try Wire.decode(from: message.payload)
            guard payload.device.rawValue == kid else { throw Problem(.malformed) }
            records[kid] = nil
            return try Wire.pretty(DeviceAnswer(device: payload.device))
        }
        records[kid] = record
        return answer
    }

    private mutating func register(_ message: JWS, _ own: JWS.Signature) throws -> String {
        let payload: Registration = try Wire.decode(from: message.payload)
        guard let jwk = own.header.jwk, try own.verifies(message, by: jwk),
            payload.device.rawValue == Base64URL.encode(try PublicKey(jwk).thumbprint)
        else { throw Problem(.badSignature) }
        if records[payload.device.rawValue] == nil { records[payload.device.rawValue] = .init(key: jwk) }
        types.append(.registration)
        return try Wire.pretty(DeviceAnswer(device: payload.device))
    }

    private mutating func report(_ message: JWS, _ record: inout ModelScorer.Record) throws -> String {
        let report: Report = try Wire.decode(from: message.payload)
        reports.append(report)
        if !record.goesOn(from: report.receipt) {
            record.isCopied = true
            alarms.append("a return to \(report.receipt ?? "nothing")")
        }
        record.hasReported = true
        record.shown = report.receipt
        record.answered = "receipt-\(reports.count)"
        let answer = ReportAnswer(
            device: report.device,
            score: Score(value: 90, rules: []),
            receivedAt: .now(),
            nextReportIn: 300,
            receipt: record.answered
        )
        return try Wire.pretty(answer)
    }

    private func replace(_ message: JWS, _ record: inout ModelScorer.Record, isRepeated: Bool) throws -> String {
        let payload: KeyReplacement = try Wire.decode(from: message.payload)
        let new = message.signatures.first { $0.header.role == ProtectedHeader.newKeyRole }
        guard let new, new.header.jwk == payload.key, try new.verifies(message, by: payload.key),
            message.signatures.count == 2
        else { throw Problem(.badSignature) }
        if isRepeated {
            guard payload.key == record.key else { throw Problem(.replacedKey) }
        } else {
            (record.key, record.keyBefore) = (payload.key, record.key)
        }
        return try Wire.pretty(DeviceAnswer(device: payload.device))
    }
}

extension ModelScorer.Record {
    /// Whether a message goes on from the newest report.
    fileprivate func goesOn(from receipt: String?) -> Bool { !hasReported || receipt == answered || receipt == shown }

    /// Whether a key replacement or a retirement is none of a copy's.
    fileprivate func takesChange(_ type: MessageType, _ message: JWS) throws -> Bool {
        if type == .keyReplacement {
            return goesOn(from: try Wire.decode(KeyReplacement.self, from: message.payload).receipt)
        }
        return try !isCopied && goesOn(from: Wire.decode(Retirement.self, from: message.payload).receipt)
    }
}

extension JWS.Signature {
    fileprivate func verifies(_ message: JWS, by jwk: JWK) throws -> Bool {
        let input = JWS.signingInput(encodedHeader: encodedHeader, encodedPayload: message.encodedPayload)
        return try PublicKey(jwk).verifies(bytes, over: input, algorithm: header.alg)
    }
}
