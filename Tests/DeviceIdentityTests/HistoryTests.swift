import PostureModel
import ScorerModel
import TestSupport
import Testing

@testable import DeviceIdentity

@Suite("Any history of reports, assignments, deletions and imports")
struct HistoryTests {
    /// A report in short, from which both sides are made.
    struct Draft {
        let device: Int
        let serial: String?
        let warpIDs: [String]
        let hostname: String
        /// What the device proves: nothing, a certificate, one with these names, or with this common name.
        let bound: [String: String]?
        let commonName: String

        init(_ device: Int, _ generator: inout SeededGenerator) {
            self.device = device
            serial =
                [nil, "None", "pf0fake1", "pf0fake1", "pf0fake1", "pf0fake2"].randomElement(using: &generator) ?? nil
            let count = Int.random(in: 0...2, using: &generator)
            warpIDs = Array(["w1", "w2", "w3"].shuffled(using: &generator).prefix(count))
            hostname = ["laptop", "desktop", "localhost"].randomElement(using: &generator) ?? ""
            let names = ["serial_number": "pf0fake1", "device_uuid": "w1", "hostname": "laptop"]
            let isProven = Int.random(in: 0..<3, using: &generator) == 0
            bound = isProven ? names.filter { _ in Bool.random(using: &generator) } : nil
            commonName = ["machine-1", "machine-2"].randomElement(using: &generator) ?? ""
        }

        func verified(nonce: Int64) -> VerifiedReport {
            let checks = bound.map {
                [CheckVerdict(id: "corp", level: .proven, reason: "", bound: $0, commonName: commonName)]
            }
            return SampleDevice.verified(
                device,
                nonce: nonce,
                serial: serial,
                warpIDs: warpIDs,
                checks: checks ?? [],
                hostname: hostname
            )
        }

        /// What it claims, with the strengths.
        func claims(_ inventory: [String: String?]) -> [(kind: String, value: String, strength: Int)] {
            func strength(_ variable: String, _ value: String) -> Int {
                guard let bound else { return 1 }
                return bound[variable] == value ? 3 : 2
            }
            var claims: [(String, String, Int)] = []
            if let serial, serial != "None" {
                if let line = inventory[serial], let name = line {
                    claims.append(("serial", serial, bound != nil && commonName == name ? 4 : 0))
                } else {
                    claims.append(("serial", serial, strength("serial_number", serial)))
                }
            }
            if hostname != "localhost" { claims.append(("hostname", hostname, strength("hostname", hostname))) }
            return claims + warpIDs.map { ("warp", $0, strength("device_uuid", $0)) }
        }
    }

    @Test("keeps claims as the rules of one table do", arguments: 1...10)
    func history(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var (fleet, naive, assignments) = (Fleet(), NaiveClaims(), 0)
        fleet.register(1...20)
        var seconds: Int64 = 0
        for step in 1...300 {
            // Several things happen in one second, too.
            seconds += Int64.random(in: 0...2, using: &generator)
            let device = Int.random(in: 1...20, using: &generator)
            let (id, now) = (SampleDevice.id(device).rawValue, Fleet.now.adding(seconds: seconds).microseconds)
            switch Int.random(in: 0..<100, using: &generator) {
            case 0..<4:
                fleet.delete(device)
                naive.delete(id)
                fleet.register(device...device)
            case 4..<8:
                let force = Bool.random(using: &generator)
                let inTheWay = naive.assign(id, force: force, at: now)
                if inTheWay == nil { assignments += 1 }
                switch fleet.assign(device, force: force, after: seconds) {
                case .assigned: #expect(inTheWay == nil)
                case .heldByOthers(let others): #expect(Set(others.map(\.rawValue)) == inTheWay)
                case nil: Issue.record("not known")
                }
            case 8..<11:
                let name = [nil, "machine-1", "machine-2"].randomElement(using: &generator) ?? nil
                fleet.expect("pf0fake1", name)
                naive.expect("pf0fake1", name)
            default:
                let draft = Draft(device, &generator)
                let (report, snapshot) = (draft.verified(nonce: Int64(step)), fleet.snapshot)
                let again = try decide(report, receivedAt: Fleet.now.adding(seconds: seconds), over: snapshot)
                let decision = try fleet.accept(report, after: seconds)
                #expect(decision == again, "the same from the same")
                #expect(decision.record.claims == fleet.held(by: decision.record.device))
                let expected = naive.report(id, draft.claims(naive.inventory), at: now)
                #expect(decision.events.refused.map { "\($0.kind.rawValue):\($0.value)" } == expected.refused)
                #expect(decision.events.taken.map { "\($0.kind.rawValue):\($0.value)" } == expected.taken)
            }
            let rows = fleet.claims.values.flatMap(\.claims).map {
                NaiveClaims.Row(
                    kind: $0.identifier.kind.rawValue,
                    value: $0.identifier.value,
                    device: $0.device.rawValue,
                    strength: $0.strength.rawValue,
                    since: $0.since.microseconds
                )
            }
            try #require(Set(rows) == naive.rows && rows.count == naive.rows.count, "seed \(seed), step \(step)")
            if step % 10 == 0 { check(fleet, assignments) }
        }
    }

    /// What holds of any fleet; an operator's assignments go beyond the limit.
    func check(_ fleet: Fleet, _ assignments: Int) {
        for set in fleet.claims.values {
            #expect(set.claims.count <= ClaimSet.limit + assignments)
            #expect(Set(set.claims.map(\.device)).count == set.claims.count, "a device claims it once")
            #expect(set.claims.allSatisfy { fleet.records[$0.device] != nil })
            let counting = set.claims.filter { $0.strength > .contradicted }
            let strongest = counting.map(\.strength).max()
            let oldest = counting.filter { $0.strength == strongest }.map(\.since).min()
            let first = counting.filter { $0.strength == strongest && $0.since == oldest }.map(\.device.rawValue).min()
            #expect(set.holder?.rawValue == first)
        }
    }
}
