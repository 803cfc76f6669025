import Collectors
import FoundationEssentials
import Glibc
import PostureModel
import Testing

/// A machine as it was recorded: a directory of `Fixtures`.
///
/// - `root/`: the files that collectors read, as that machine has them.
/// - `links.json`: what its kernel answered over netlink.
/// - `units.json`: where it is there, what its service manager answered; else there is none.
/// - `times`: where it is there, when files were modified, each a path and seconds since the epoch: git keeps no times.
/// - `denied`: where it is there, the paths that could not be read, one a line.
/// - `facts.json`: the golden file. `UPDATE_GOLDEN=1 swift test` rewrites it.
struct Machine {
    let directory: URL

    init(_ name: String) {
        directory = fixtures.appending(path: name)
    }

    /// Every directory of `Fixtures` with a root in it.
    static let names: [String] = {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: fixtures.path)) ?? []
        return entries.filter { FileManager.default.fileExists(atPath: fixtures.path + "/\($0)/root") }.sorted()
    }()

    /// Where its files are.
    var path: String { directory.appending(path: "root").path }

    func root() throws -> HostRoot {
        let list = try? String(contentsOf: directory.appending(path: "denied"), encoding: .utf8)
        let denied = (list ?? "").split(separator: "\n").map(String.init)
        return try HostRoot(at: path, denying: Set(denied))
    }

    func links() throws -> RecordedLinks {
        try JSONDecoder().decode(RecordedLinks.self, from: Data(contentsOf: directory.appending(path: "links.json")))
    }

    func units() throws -> RecordedUnits {
        let data = try? Data(contentsOf: directory.appending(path: "units.json"))
        return RecordedUnits(recorded: try data.map { try JSONDecoder().decode([String: UnitState].self, from: $0) })
    }

    func facts() throws -> Facts {
        let times = (try? String(contentsOf: directory.appending(path: "times"), encoding: .utf8)) ?? ""
        for line in times.split(separator: "\n").map({ $0.split(separator: " ") }) {
            try setModified(path + "/\(line[0])", seconds: try #require(Int(line[1])))
        }
        let root = try root()
        return Facts(host: root, links: try links(), units: try units())
    }
}

/// The answers of a kernel, recorded.
struct RecordedLinks: LinkSource, Codable {
    private let recorded: [Link]
    private let recordedAddresses: [LinkAddress]

    private enum CodingKeys: String, CodingKey {
        case recorded = "links"
        case recordedAddresses = "addresses"
    }

    init(links: [Link], addresses: [LinkAddress] = []) {
        recorded = links
        recordedAddresses = addresses
    }

    func links() -> [Link] { recorded }
    func addresses() -> [LinkAddress] { recordedAddresses }
}

/// The answers of a service manager, recorded; nil where there is no bus.
struct RecordedUnits: UnitSource {
    var recorded: [String: UnitState]?

    func states(of units: [String]) throws(UnitError) -> [String: UnitState] {
        guard let recorded else { throw UnitError(code: ENOENT) }
        return recorded.filter { units.contains($0.key) }
    }
}

/// Sets when a file was last modified.
func setModified(_ path: String, seconds: Int) throws {
    var times = [timespec(tv_sec: seconds, tv_nsec: 0), timespec(tv_sec: seconds, tv_nsec: 0)]
    try #require(unsafe utimensat(AT_FDCWD, path, &times, 0) == 0, "\(path)")
}

/// A kernel that does not answer.
struct NoLinks: LinkSource {
    func links() throws(LinkError) -> [Link] { throw LinkError(table: "links", code: 1) }
    func addresses() throws(LinkError) -> [LinkAddress] { throw LinkError(table: "addresses", code: 1) }
}

let fixtures = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")

/// The bytes of a recording, which is kept as hexadecimal digits so that a change to it can be read.
func recording(_ name: String) throws -> [UInt8] {
    let text = try String(contentsOf: fixtures.appending(path: "netlink/\(name).hex"), encoding: .utf8)
    let digits = text.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}
