import CLinuxShims
package import Files
import Glibc
package import PostureModel

/// The WARP client's answer: its ids, or why it does not tell them and what to do.
package struct WARPAnswer: Sendable, Equatable {
    /// The ids; not applicable where there is no client.
    package let ids: Observation<[String]>
    /// What an administrator can do where the ids are unreadable.
    package let advice: String?

    /// Creates an answer.
    package init(ids: Observation<[String]>, advice: String? = nil) { (self.ids, self.advice) = (ids, advice) }

    fileprivate init(unreadable reason: String, advice: String) {
        self.init(ids: .unreadable(reason: reason), advice: advice)
    }
}

/// The WARP client's own command line: the one program that is ever run.
///
/// - Source: `warp-cli -j registration show`
/// - SeeAlso: <https://developers.cloudflare.com/cloudflare-one/connections/connect-devices/warp/>
package struct WARPClient: Sendable {
    private let path: String
    private let milliseconds: Int
    private let provenance: @Sendable (_ path: String) -> Provenance

    /// Creates a client of the program at `/usr/bin/warp-cli`, which is killed after two seconds.
    package init() { self.init(path: "/usr/bin/warp-cli", milliseconds: 2000) }

    /// Creates a client of the program at an absolute path, which is killed after so many milliseconds.
    ///
    /// `provenance` says whether it is one that may be run: the caller can read every file of the machine.
    package init(
        path: String,
        milliseconds: Int = 2000,
        provenance: @escaping @Sendable (_ path: String) -> Provenance = { Provenance(of: $0) }
    ) {
        (self.path, self.milliseconds, self.provenance) = (path, milliseconds, provenance)
    }

    /// Asks for the ids of the device and of its registration; either may be what Cloudflare asks for.
    ///
    /// Blocks for the time that was given and a second more, at most. No terms of service are accepted for anybody. A
    /// program that others than root could have put there is not run.
    package func ids() -> WARPAnswer {
        let program: String
        switch provenance(path) {
        case .roots(let path): program = path
        case .absent: return failure(ENOENT)
        case .doubtful(let reason):
            return WARPAnswer(
                unreadable: "\(path) is not run: \(reason)",
                advice: "install the WARP client's package again"
            )
        }
        var output = [UInt8](repeating: 0, count: 64 * 1024)
        let count = run([program, "-j", "registration", "show"], &output)
        guard count >= 0 else { return failure(CInt(-count)) }
        output.removeLast(output.count - count)
        let ids = (try? Wire.decode(Registration.self, from: output))?.ids ?? []
        guard ids.isEmpty else { return WARPAnswer(ids: .observed(ids)) }
        return WARPAnswer(unreadable: "\(path): names no registration", advice: Self.registrationAdvice)
    }

    private static let registrationAdvice =
        "register the client: 'warp-cli registration show' says whether it is, and 'warp-cli registration new' does it"

    private func failure(_ code: CInt) -> WARPAnswer {
        switch code {
        case ENOENT: WARPAnswer(ids: .notApplicable(reason: "no \(path)"))
        case ETIMEDOUT:
            WARPAnswer(
                unreadable: "\(path): did not end in \(milliseconds) ms",
                advice: "restart the client's service: systemctl restart warp-svc"
            )
        case EFBIG:
            WARPAnswer(
                unreadable: "\(path): printed more than 64 KiB",
                advice: "install another version of the client, or set warp_ids in postured.toml"
            )
        case ECHILD:
            WARPAnswer(
                unreadable: "\(path): failed, as where there is no registration",
                advice: "start the client's service (systemctl start warp-svc), or \(Self.registrationAdvice)"
            )
        case EACCES, EPERM:
            WARPAnswer(
                unreadable: "\(path): \(errorText(code).lowercased())",
                advice: "let everybody run it: chmod 755 \(path), or set warp_ids in postured.toml"
            )
        default:
            WARPAnswer(
                unreadable: "\(path): \(errorText(code).lowercased())",
                advice: "run 'warp-cli registration show' by hand, or set warp_ids in postured.toml"
            )
        }
    }

    /// The number of bytes that the program printed, or a negative errno.
    private func run(_ command: [String], _ output: inout [UInt8]) -> Int {
        var strings: [UnsafeMutablePointer<CChar>?] = unsafe command.map { unsafe strdup($0) }
        unsafe strings.append(nil)
        defer { unsafe strings.forEach { unsafe free($0) } }
        return unsafe CLinuxShims_run(strings, CInt(milliseconds), &output, output.count)
    }
}

/// What `registration show` prints, of which two members are wanted.
private struct Registration: Decodable {
    var registration: String?
    var device: String?

    private enum CodingKeys: String, CodingKey {
        case registration = "id"
        case device = "device_id"
    }

    /// Those that look like ids: what else is printed one day is none.
    var ids: [String] {
        var ids: [String] = []
        for id in [device, registration].compactMap({ $0 }) where isID(id) && !ids.contains(id) { ids.append(id) }
        return ids
    }

    private func isID(_ text: String) -> Bool {
        (8...128).contains(text.utf8.count)
            && text.utf8.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit || "t.-".utf8.contains($0) }
    }
}
