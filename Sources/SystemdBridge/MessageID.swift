package import Logging

/// What the programs tell the journal: one 128-bit id for each kind of message, with an entry in the ``catalog`` of its
/// program in `packaging/journal` that says what it means and what to do.
///
/// The ids were drawn once and never change: filters (`journalctl MESSAGE_ID=…`) and alerts of others depend on them.
///
/// - Source: systemd.journal-fields(7), sd_journal_print(3), systemd-id128(1)
package enum MessageID: String, CaseIterable, Sendable {
    /// The agent looks after the machine from now on.
    case started = "46fa0259a2ef4639b1d0079b1cedafff"
    /// A report arrived, and the one before did not, or had another score.
    case reported = "ec5e7eaa270543ebb70acdd4ae815d8f"
    /// A report did not arrive; the agent goes on trying.
    case cannotReport = "165db4bfa58849bc985d163249bc7bd7"
    /// A certificate check has another outcome than before.
    case checkChanged = "02f36e7a28d34b32b7ff03e8cbc77c9d"
    /// The configuration is wrong; the last good one stays in force.
    case configurationRejected = "a7266752c15742608b95b1636fbae121"
    /// A changed configuration is in force.
    case configurationLoaded = "b9b9dbeec2344cc4b81eb1d7350f25c3"
    /// The collector gave no report to sign and send.
    case collectorFailed = "e9f767fd0d884f1c818cbe0e6c121ec1"
    /// A certificate check says what should be mended, whatever its outcome: a certificate that expires soon, say.
    case checkWarning = "5bd03765090b4c70ace86ca449c58f1d"
    /// The scorer took the machine's device key.
    case enrolled = "8e8a94cfbb0149bc98aeb441b6d8f11c"
    /// A rule of the scorer's policy gives fewer points than it could, and other ones than before.
    case ruleChanged = "b1274cc2903347e985eedcd410c711d5"
    /// What the agent had remembered is damaged; it begins anew.
    case stateDamaged = "5dd41493f6dd427a8e4bba7f25bb75ef"
    /// The agent cannot remember what it should.
    case stateNotKept = "ad2d817ea69144cb97f6e4fc4ce27640"

    /// The scorer serves from now on.
    case scorerStarted = "70185abf57c44e11baff28adf33b050e"
    /// The scorer's configuration is wrong, and it did not start.
    case scorerMisconfigured = "473aa299ebfd4c8199319ea48175a2f9"
    /// The scorer's database is one that it may not touch, and it did not start.
    case databaseUnusable = "a33644a8137e4337bb3ed90f024bc35d"
    /// The scorer's database does not answer; who asks the scorer gets an error.
    case databaseSilent = "cd89f0610deb48ac84904899471c5e2d"

    /// The name of the catalogue's file that has the message, without its ending: the program's name.
    var catalog: String {
        switch self {
        case .scorerStarted, .scorerMisconfigured, .databaseUnusable, .databaseSilent: "posture-scorer"
        default: "postured"
        }
    }

    /// The metadata key that becomes the journal's field `MESSAGE_ID`.
    package static let metadataKey = "message_id"

    /// The metadata keys that every message of this kind has, because its entry in the catalogue shows them.
    package var fields: [String] {
        switch self {
        case .started, .scorerStarted: ["version"]
        case .reported: ["score"]
        case .cannotReport, .collectorFailed, .configurationRejected, .stateDamaged, .stateNotKept: ["reason"]
        case .scorerMisconfigured, .databaseUnusable, .databaseSilent: ["reason"]
        case .checkChanged: ["check", "outcome", "reason"]
        case .checkWarning: ["check", "reason"]
        case .ruleChanged: ["rule", "reason"]
        case .configurationLoaded: []
        case .enrolled: ["device_id"]
        }
    }
}

extension Logger {
    /// Logs a message of the catalogue.
    ///
    /// `metadata`, together with the logger's own, has the message's ``MessageID/fields``.
    package func log(
        level: Logger.Level,
        _ id: MessageID,
        _ message: @autoclosure () -> Logger.Message,
        metadata: Logger.Metadata = [:],
        file: String = #fileID,
        function: String = #function,
        line: UInt = #line
    ) {
        assert(id.fields.allSatisfy { metadata[$0] != nil || self[metadataKey: $0] != nil }, "\(id) lacks a field")
        var metadata = metadata
        metadata[MessageID.metadataKey] = "\(id.rawValue)"
        log(level: level, message(), metadata: metadata, file: file, function: function, line: line)
    }
}
