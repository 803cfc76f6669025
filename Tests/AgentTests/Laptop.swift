import Collectors
import Foundation
import PostureModel

@testable import Agent

/// The kernel and the service manager of the laptop whose files ``TestDevice/root`` has, as they were recorded.
struct Laptop: LinkSource, UnitSource, Codable {
    private let recorded: [Link]
    private let recordedAddresses: [LinkAddress]
    private var states: [String: UnitState]? = [:]

    private enum CodingKeys: String, CodingKey {
        case recorded = "links"
        case recordedAddresses = "addresses"
        case states
    }

    static func sources() throws -> HostSources {
        let folder = URL(filePath: TestDevice.root).deletingLastPathComponent()
        let links = try Data(contentsOf: folder.appending(path: "links.json"))
        let units = try Data(contentsOf: folder.appending(path: "units.json"))
        var laptop = try JSONDecoder().decode(Laptop.self, from: links)
        laptop.states = try JSONDecoder().decode([String: UnitState].self, from: units)
        return HostSources(links: laptop, units: laptop, warp: .none)
    }

    func links() -> [Link] { recorded }
    func addresses() -> [LinkAddress] { recordedAddresses }
    func states(of units: [String]) -> [String: UnitState] { (states ?? [:]).filter { units.contains($0.key) } }
}
