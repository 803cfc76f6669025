import PostureModel
import ScorerModel

extension World {
    /// Makes one change.
    ///
    /// - Returns: whether its condition holds.
    mutating func make(_ change: Change) -> Bool {
        switch change {
        case .device(let record), .report(let record, _):
            guard (records[record.device]?.version ?? 0) == record.version else { return false }
            records[record.device] = record
            records[record.device]?.version += 1
        case .deleteDevice(let device, let version):
            guard records[device]?.version == version else { return false }
            (records[device], tags[device], notices[device], uses[device]) = (nil, nil, nil, nil)
        case .tag(let device, let new): tags[device, default: []].formUnion(new)
        case .untag(let device, let names):
            tags[device] = tags[device]?.filter { !names.contains($0.name) }
        case .notice(let notice):
            let known = notices[notice.device] ?? []
            guard !known.contains(where: { $0.kind == notice.kind && $0.other == notice.other }) else { return true }
            notices[notice.device] = known + [notice]
        case .clearNotices(let device): notices[device] = nil
        case .use(let device, let use, let row, let askedAt):
            guard uses[device]?.row == row, askedAt == nil || uses[device]?.askedAt == askedAt else { return false }
            uses[device] = use
        case .claims(let set):
            guard (claims[set.identifier]?.version ?? 0) == set.version else { return false }
            claims[set.identifier] = ClaimSet(set.identifier, version: set.version + 1, claims: set.claims)
        case .requireExpectation(let serial, let name): return inventory[serial]?.certificateName == name
        case .block(let block): blocks.append(block)
        case .unblock(let device): blocks.removeAll { $0.device == device }
        default: break
        }
        return true
    }
}
