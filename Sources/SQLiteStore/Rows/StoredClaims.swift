internal import PostureModel
internal import ScorerModel

extension ClaimSet {
    /// The claims as they are stored; the version is a digest of them (FNV-1a), since one writer needs no counter.
    init(stored claims: [Claim], to identifier: Identifier, lastReports: [DeviceID: Timestamp] = [:]) {
        guard !claims.isEmpty else {
            self.init(identifier)
            return
        }
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        let sorted = claims.sorted { $0.comesBefore($1) }
        let text = sorted.map { "\($0.device) \($0.strength.rawValue) \($0.since.microseconds)\n" }.joined()
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        self.init(identifier, version: Int64(bitPattern: hash | 1), claims: sorted, lastReports: lastReports)
    }
}
