import Foundation
import PostureModel
import ScorerModel
import TestSupport

@testable import DeviceIdentity
@testable import Scoring

/// The values of the fleets that are made up.
enum Pool {
    static let sharedMAC = "ac:de:48:00:11:22"
    static let sharedHostname = "ubuntu-server"
    static let sharedIPv4 = "172.16.0.2"
    /// Certificates: with a key of their own or a shared one, with and without names of the machine, valid and expired.
    static let certificates = [
        Certificate(key: "k1", number: "01"), Certificate(key: "k1", number: "02", name: "server"),
        Certificate(key: "k2", number: "03", serial: "PF0FAKE2"), Certificate(key: "k2", number: "04", isExpired: true),
        Certificate(key: "k3", number: "05", name: "machine-3", warp: "warp-3"),
    ]

    /// The seeds of a suite: a few, or as many as the environment says.
    static var seeds: ClosedRange<UInt64> {
        1...(ProcessInfo.processInfo.environment["LAW_SEEDS"].flatMap(UInt64.init) ?? 4)
    }
}

extension SeededGenerator {
    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }

    mutating func one<Element>(of elements: [Element]) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &self)]
    }

    /// A draft in which most is the machine's own, and some another one's or nobody's.
    mutating func draft(_ number: Int, of machines: Int) -> Draft {
        var draft = Draft.machine(number)
        let other = Int.random(in: 1...machines, using: &self)
        if chance(25) { draft.serial = one(of: [nil, "None", "PF0FAKE\(other)"]) }
        if chance(20) { draft.macs = one(of: [[], [Pool.sharedMAC], ["74:1d:3e:00:00:0\(other)"]]) }
        if chance(20) { draft.hostname = one(of: ["", Pool.sharedHostname, "laptop-\(other)"]) }
        if chance(30) { draft.ipv4 = one(of: [nil, Pool.sharedIPv4, "100.96.0.\(other)"]) }
        switch Int.random(in: 0..<10, using: &self) {
        case 0: draft.warp = .noClient
        case 1, 2: draft.warp = .cannotTell
        case 3: draft.warp = .read(["warp-\(number)"], secondsAgo: one(of: [300, 3600, 3601]))
        case 4: draft.warp = .read(["WARP-\(other)"])
        case 5: draft.warp = .read(["warp-\(number)", "warp-\(other)"])
        default: break
        }
        if chance(50) { draft.certificate = one(of: Pool.certificates) }
        draft.isProven = chance(85)
        return draft
    }

    /// A row that is mostly a machine's own, with fields that somebody forged.
    mutating func row(of machines: Int) -> PostureRow {
        let number = Int.random(in: 1...machines, using: &self)
        let other = Int.random(in: 1...machines, using: &self)
        var row = PostureRow.machine(number)
        if chance(20) { row.deviceID = "WARP-\(other)" }
        if chance(30) { row.serialNumber = one(of: ["", "None", "PF0FAKE\(other)"]) }
        if chance(40) { row.macAddress = one(of: ["", Pool.sharedMAC, "74:1d:3e:00:00:0\(other)"]) }
        if chance(40) { row.hostname = one(of: ["", Pool.sharedHostname, "laptop-\(other)"]) }
        if chance(40) { row.virtualIPv4 = one(of: ["", Pool.sharedIPv4, "100.96.0.\(other)"]) }
        return row
    }
}

extension PostureRow {
    /// The row of a machine, in which everything is its own.
    static func machine(_ number: Int) -> PostureRow {
        PostureRow(
            deviceID: "warp-\(number)",
            serialNumber: "PF0FAKE\(number)",
            macAddress: "74:1d:3e:00:00:0\(number)",
            hostname: "laptop-\(number)",
            virtualIPv4: "100.96.0.\(number)"
        )
    }
}

/// A history of a fleet that is made up: what happens next, and the world after it.
struct History {
    /// What happened.
    enum Event {
        case report(Draft, IngestDecision?)
        case query([PostureRow], [Answer])
        case operators
        case time
    }

    static let machines = 5
    var generator: SeededGenerator
    var world: World
    let seed: UInt64

    init(seed: UInt64) {
        (self.seed, generator) = (seed, SeededGenerator(seed: seed))
        world = World(devices: 1...Self.machines)
        world.policy.matching.warpMatch = generator.one(of: [.agreeing, .agreeing, .carried, .reported])
        world.policy.matching.serialMatch = generator.one(of: [.corroborated, .corroborated, .trusting, .never])
        world.policy.certificates.devicesPerCertificate = generator.one(of: [1, 1, 2])
        world.policy.freshness.staleAfter = 86_400
        world.inventory["pf0fake4"] = InventoryItem(
            serial: "pf0fake4",
            certificateName: "server",
            tag: "vault",
            warpID: "warp-4"
        )
    }

    /// Lets the next thing happen.
    mutating func step() -> Event {
        let number = Int.random(in: 1...Self.machines, using: &generator)
        // Nothing happens at the same moment as anything else.
        world.now.microseconds += 1
        switch Int.random(in: 0..<100, using: &generator) {
        case 0..<45:
            let draft = generator.draft(number, of: Self.machines)
            return .report(draft, world.report(draft))
        case 45..<75:
            let rows = (0..<Int.random(in: 1...4, using: &generator)).map { _ in generator.row(of: Self.machines) }
            return .query(rows, world.query(rows))
        case 75..<88:
            operators(number)
            return .operators
        default:
            let seconds = generator.one(of: [1, 60, 3600, 7300, 50_000, 90_000] as [Int64])
            let began = world.now
            world.now = began.adding(seconds: seconds)
            if seconds > 60, generator.chance(20) { world.outages.append(Outage(began: began, ended: world.now)) }
            return .time
        }
    }

    private mutating func operators(_ number: Int) {
        let other = Int.random(in: 1...Self.machines, using: &generator)
        switch Int.random(in: 0..<10, using: &generator) {
        case 0, 1: world.assign(number, .warp, "warp-\(other)", force: generator.chance(50))
        case 2: world.assign(number, .serial, "PF0FAKE\(other)", force: generator.chance(50))
        case 3: world.resolve(number)
        case 4:
            let assigned = (world.assigned[number] ?? []).sorted()
            if !assigned.isEmpty { world.unassign(number, generator.one(of: assigned)) }
        case 5: world.clear(number)
        case 6: world.replace(number, by: other)
        case 7: world.retire(number)
        case 8: for machine in 1...Self.machines { world.register(machine) }
        default:
            if generator.chance(30) { world.revoked.insert(generator.one(of: Pool.certificates).number) }
        }
    }
}
