import PostureModel
import ScorerModel
import TestSupport

@testable import DeviceIdentity
@testable import Scoring

/// A fleet by the standard policy, each machine with a certificate and a row of its own.
final class Scenario {
    var world: World

    /// Creates machines that have reported with everything that is their own.
    init(_ machines: ClosedRange<Int> = 1...4) {
        world = World(devices: 1...9)
        world.policy = .standard
        for number in machines { report(own(number)) }
    }

    /// A machine with a certificate and a key of its own.
    func own(_ number: Int) -> Draft {
        .machine(number, certificate: Certificate(key: "key-\(number)", number: "\(number)", name: "machine-\(number)"))
    }

    /// Reports a moment after whatever happened before.
    @discardableResult
    func report(_ draft: Draft, receipt: String?? = nil) -> IngestDecision? {
        world.now = world.now.adding(seconds: 1)
        return world.report(draft, receipt: receipt)
    }

    /// Lets time pass.
    func wait(_ seconds: Int64) { world.now = world.now.adding(seconds: seconds) }

    /// Whether the row passes Cloudflare's check.
    func passes(_ row: PostureRow) -> Bool { world.query(row).score >= world.policy.passMark }

    /// The reason for which a row gets nothing.
    func reason(_ row: PostureRow) -> NoMatch? { world.query(row).reason }

    /// The kinds of the notices of a device.
    func notices(_ number: Int) -> [IdentityNotice.Kind] { (world.notices[device(number)] ?? []).map(\.kind) }

    /// Whether a device would pass, whichever row asks.
    func isGood(_ number: Int) -> Bool { (world.evaluation(number)?.value ?? 0) >= world.policy.passMark }

    func device(_ number: Int) -> DeviceID { SampleDevice.id(number) }
}

extension PostureRow {
    /// The row of a machine with another id.
    static func machine(_ number: Int, id: String) -> PostureRow {
        var row = PostureRow.machine(number)
        row.deviceID = id
        return row
    }
}
