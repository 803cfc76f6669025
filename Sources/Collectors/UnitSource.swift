import Files
import Glibc
package import PostureModel

/// Where the states of units come from: this machine's service manager, or a recording in tests.
package protocol UnitSource: Sendable {
    /// The states of those of the units that the service manager has; none is loaded or started for the question.
    func states(of units: [String]) throws(UnitError) -> [String: UnitState]
}

/// Why the service manager could not be asked.
///
/// - Source: the errno of the exchange on the system bus
/// - SeeAlso: <https://www.freedesktop.org/software/systemd/man/latest/org.freedesktop.systemd1.html>
package struct UnitError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The errno: `ENOENT` where there is no system bus, `ETIMEDOUT` where nobody answers.
    package let code: CInt

    /// Creates an error of the exchange.
    package init(code: CInt) { self.code = code }

    /// One sentence that tells no bus from no answer.
    package var description: String {
        switch code {
        case ENOENT, ECONNREFUSED: "no system bus"
        // Nobody has systemd's name on the bus.
        case EHOSTUNREACH, ENXIO: "no service manager on the system bus"
        case ETIMEDOUT: "the service manager does not answer"
        case ENOTSUP: "only the running service manager tells"
        default: "service manager: \(errorText(code).lowercased())"
        }
    }
}

/// The units of a host tree that is not this machine's: nobody runs them.
package struct NoUnits: UnitSource {
    /// Creates the source.
    package init() {}

    /// Not in files: `ENOTSUP`.
    package func states(of units: [String]) throws(UnitError) -> [String: UnitState] { throw UnitError(code: ENOTSUP) }
}

/// What one source said of the units that collectors ask about; asked once.
struct UnitTable: UnitSource {
    static let firewalls = ["firewalld", "nftables", "ufw"]
    static let warp = "warp-svc.service"

    private let answer: Result<[String: UnitState], UnitError>

    init(reading source: some UnitSource) {
        let units = Self.firewalls.map { "\($0).service" } + [Self.warp]
        answer = Result { () throws(UnitError) in try source.states(of: units) }
    }

    func states(of units: [String]) throws(UnitError) -> [String: UnitState] {
        try answer.get().filter { units.contains($0.key) }
    }
}
