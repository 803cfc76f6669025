import Foundation
import Glibc
import TestSupport

/// One finding in what `postured doctor --json` prints.
struct DoctorFinding: Decodable {
    var name: String
    var outcome: String
    var seen: String
    var advice: String?
}

/// Reads what `postured doctor --json` printed.
func doctorFindings(_ ending: Program.Ending) throws -> [DoctorFinding] {
    struct Document: Decodable {
        var agent: String
        var now: Int
        var findings: [DoctorFinding]
    }
    return try JSONDecoder().decode(Document.self, from: Data(ending.output.utf8)).findings
}

extension TestMachine {
    /// Runs `postured doctor --json`.
    func doctor() throws -> Program.Ending { try postured("doctor", "--json", "--socket", socket) }
}

/// Whether this process is root's: only root may become another user.
let isRoot = geteuid() == 0
