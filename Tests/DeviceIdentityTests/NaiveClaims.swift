import PostureModel
import ScorerModel
import TestSupport

@testable import DeviceIdentity

/// The rules of claims once more, as statements on one table: what decisions are compared with.
struct NaiveClaims {
    struct Row: Hashable {
        var kind: String
        var value: String
        var device: String
        var strength: Int
        var since: Int64
    }

    var rows: Set<Row> = []
    /// The certificate name by serial number; a line without one is nil.
    var inventory: [String: String?] = [:]
    /// What the newest report of a device claims, in the order of claims.
    var reported: [String: [(kind: String, value: String)]] = [:]

    private func claimants(_ kind: String, _ value: String) -> [Row] {
        rows.filter { $0.kind == kind && $0.value == value }.sorted {
            $0.strength != $1.strength
                ? $0.strength > $1.strength : $0.since != $1.since ? $0.since < $1.since : $0.device < $1.device
        }
    }

    private func owner(_ kind: String, _ value: String) -> String? {
        claimants(kind, value).first { $0.strength > 0 }?.device
    }

    /// Takes over what a report claims; returns what it does not get and what it takes, as `kind:value`.
    mutating func report(
        _ device: String,
        _ claims: [(kind: String, value: String, strength: Int)],
        at now: Int64
    ) -> (refused: [String], taken: [String]) {
        var (refused, taken): ([String], [String]) = ([], [])
        reported[device] = claims.map { ($0.kind, $0.value) }
        for kind in ["warp", "serial", "hostname"] {
            let ofKind = claims.filter { $0.kind == kind }
            if ofKind.isEmpty { continue }
            rows = rows.filter { row in
                row.device != device || row.kind != kind || ofKind.contains { $0.value == row.value }
            }
            for claim in ofKind {
                let name = "\(kind):\(claim.value)"
                let before = rows.first { $0.kind == kind && $0.value == claim.value && $0.device == device }
                let strength: Int
                if claim.strength == 0, before.map({ $0.strength < 4 }) ?? true {
                    strength = 0
                } else {
                    strength = max(claim.strength, before?.strength ?? 0)
                }
                if strength == before?.strength { continue }
                let holder = owner(kind, claim.value)
                if before == nil {
                    let others = claimants(kind, claim.value)
                    if others.count >= 16, let last = others.last {
                        if strength <= last.strength {
                            refused.append(name)
                            continue
                        }
                        rows.remove(last)
                    }
                }
                if let before { rows.remove(before) }
                rows.insert(Row(kind: kind, value: claim.value, device: device, strength: strength, since: now))
                if strength == 0 {
                    refused.append(name)
                } else if let holder, holder != device {
                    if owner(kind, claim.value) == device {
                        taken.append(name)
                    } else if before == nil {
                        refused.append(name)
                    }
                }
            }
        }
        return (refused, taken)
    }

    /// Gives a device what it reports and claims; returns who is in the way, or nil if it was done.
    mutating func assign(_ device: String, force: Bool, at now: Int64) -> Set<String>? {
        var names = Set((reported[device] ?? []).map { "\($0.kind):\($0.value)" })
        for row in rows where row.device == device { names.insert("\(row.kind):\(row.value)") }
        let others = rows.filter { names.contains("\($0.kind):\($0.value)") && $0.device != device && $0.strength >= 3 }
        if !force, !others.isEmpty { return Set(others.map(\.device)) }
        for name in names {
            let (kind, value) = (String(name.split(separator: ":")[0]), String(name.split(separator: ":")[1]))
            for row in claimants(kind, value) where row.strength == 5 {
                rows.remove(row)
                rows.insert(Row(kind: kind, value: value, device: row.device, strength: 4, since: row.since))
            }
            let before = rows.first { $0.kind == kind && $0.value == value && $0.device == device }
            if let before { rows.remove(before) }
            rows.insert(Row(kind: kind, value: value, device: device, strength: 5, since: before?.since ?? now))
        }
        return nil
    }

    mutating func delete(_ device: String) {
        rows = rows.filter { $0.device != device }
        reported[device] = nil
    }

    /// Imports one line.
    mutating func expect(_ serial: String, _ name: String?) {
        if let before = inventory[serial], before != name {
            for row in rows where row.kind == "serial" && row.value == serial && row.strength == 4 {
                rows.remove(row)
                rows.insert(Row(kind: row.kind, value: row.value, device: row.device, strength: 1, since: row.since))
            }
        }
        inventory[serial] = .some(name)
    }
}
