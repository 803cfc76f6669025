/// The doors that bytes from outside come in by; `Fuzz/Corpus` has a directory for each.
///
/// A new target is a case here, a function in `Fuzz/Targets` that says what holds for any bytes, and a directory with an
/// input or two.
enum Target: String, CaseIterable {
    case certificate
    case certificateIssued = "certificate-issued"
    case crl
    case crlIssued = "crl-issued"
    case pem
    case database
    case moduleList = "module-list"
    case sqliteHeader = "sqlite-header"
    case netlink
    case mountinfo
    case message
    case messageSigned = "message-signed"
    case json
    case configuration

    /// Runs the target once; it ends the process where its property does not hold.
    func run(_ bytes: [UInt8]) {
        switch self {
        case .certificate: fuzzCertificate(bytes)
        case .certificateIssued: fuzzCertificateIssued(bytes)
        case .crl: fuzzRevocationList(bytes)
        case .crlIssued: fuzzRevocationListIssued(bytes)
        case .pem: fuzzPEM(bytes)
        case .database: fuzzDatabase(bytes)
        case .moduleList: fuzzModuleList(bytes)
        case .sqliteHeader: fuzzSQLiteHeader(bytes)
        case .netlink: fuzzNetlink(bytes)
        case .mountinfo: fuzzMountInfo(bytes)
        case .message: fuzzMessage(bytes)
        case .messageSigned: fuzzMessageSigned(bytes)
        case .json: fuzzJSON(bytes)
        case .configuration: fuzzConfiguration(bytes)
        }
    }

    /// What an input is made of.
    var shape: Shape {
        switch self {
        case .certificate, .certificateIssued, .crl, .crlIssued: .der
        case .database, .messageSigned: .pieces
        case .pem, .moduleList, .sqliteHeader, .netlink, .mountinfo, .message, .json, .configuration: .bytes
        }
    }
}

/// Ends the process, for libFuzzer to keep the input, unless the property holds.
func hold(_ property: Bool, _ text: @autoclosure () -> String) {
    // fatalError prints its message in a release build too; precondition does not.
    guard property else { fatalError("does not hold: \(text())") }
}
