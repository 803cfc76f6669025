package import PostureModel

/// A device with its score: the answer that the device itself gets, and the verdicts as they count now.
package struct ScoredDevice: Encodable {
    package var answer: ReportAnswer
    package var checks: [CheckVerdict]

    private enum CodingKeys: String, CodingKey {
        case checks
    }

    package func encode(to encoder: any Encoder) throws {
        try answer.encode(to: encoder)
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(checks.map(ShownVerdict.init), forKey: .checks)
    }
}

/// A verdict for people: parts of it came from the machine, so they are made printable.
private struct ShownVerdict: Encodable {
    var id: String
    var level: ProofLevel
    var code: String?
    var reason: String
    var anchor: String?
    var bound: [String: String]
    var holdsUntil: Timestamp?
    var warning: String?

    init(_ verdict: CheckVerdict) {
        id = verdict.id
        level = verdict.level
        code = verdict.code
        reason = verdict.reason.printable()
        anchor = verdict.anchor
        bound = verdict.bound.mapValues { $0.printable() }
        holdsUntil = verdict.holdsUntil
        warning = verdict.warning?.printable()
    }

    private enum CodingKeys: String, CodingKey {
        case id, level, code, reason, anchor, bound, warning
        case holdsUntil = "holds_until"
    }
}
