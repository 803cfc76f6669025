import CLinuxShims
package import Files
import Glibc
package import PostureModel

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
    package func ids() -> Observation<[String]> {
        let program: String
        switch provenance(path) {
        case .roots(let path): program = path
        case .absent: return failure(ENOENT)
        case .doubtful(let reason): return .unreadable(reason: "\(path) is not run: \(reason)")
        }
        var output = [UInt8](repeating: 0, count: 64 * 1024)
        let count = run([program, "-j", "registration", "show"], &output)
        guard count >= 0 else { return failure(CInt(-count)) }
        output.removeLast(output.count - count)
        let ids = (try? Wire.decode(Registration.self, from: output))?.ids ?? []
        return ids.isEmpty ? .unreadable(reason: "\(path): names no registration") : .observed(ids)
    }

    private func failure(_ code: CInt) -> Observation<[String]> {
        let reason =
            switch code {
            case ETIMEDOUT: "did not end in \(milliseconds) ms"
            case EFBIG: "printed more than 64 KiB"
            case ECHILD: "failed, as where there is no registration"
            default: errorText(code).lowercased()
            }
        return code == ENOENT ? .notApplicable(reason: "no \(path)") : .unreadable(reason: "\(path): \(reason)")
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
