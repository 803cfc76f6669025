import PostureModel
import TestSupport
import Testing
import Verification

@Suite("A path is as long as its CAs allow")
struct PathLengthTests {
    /// Judges a leaf under CAs of these path lengths, from the root down; nil: of any length.
    private func judge(_ lengths: [Int?], selfIssued: Set<Int> = []) throws -> CertificateJudgement {
        var chain: [Issued] = []
        for (index, length) in lengths.enumerated() {
            func limit(_ draft: inout Draft) { draft.set(.basicConstraints(isCA: true, pathLength: length)) }
            // A self-issued CA has the name of the one above it, and a key of its own.
            let level = (0...index).last { !selfIssued.contains($0) } ?? 0
            chain.append(try chain.last?.ca("CA \(level)", change: limit) ?? .root("CA 0", change: limit))
        }
        return try judged(chain[chain.count - 1].leaf(), trusted: [chain[0]], carried: Array(chain.dropFirst()))
    }

    @Test(
        "with at most so many CAs between (RFC 5280 §4.2.1.9)",
        arguments: [[0], [1, 0], [2, 1, 0], [nil, 0], [1, nil], [5, 1, 7], [nil, 1, 2]] as [[Int?]]
    )
    func within(lengths: [Int?]) throws {
        #expect(try judge(lengths).chain()?.certificates.count == lengths.count + 1)
    }

    @Test(
        "and not with more",
        arguments: [[0, 0], [0, nil], [1, 1, 1], [1, nil, nil], [nil, 0, 5], [9, 0, nil, nil]] as [[Int?]]
    )
    func beyond(lengths: [Int?]) throws {
        try judge(lengths).expect(.pathLength, "allows a path length of", "above CN=laptop-1.acme.test")
    }

    @Test("not counting CAs that issued themselves")
    func selfIssued() throws {
        #expect(try judge([0, nil], selfIssued: [1]).chain() != nil)
        #expect(try judge([1, 1, 0], selfIssued: [1]).chain() != nil)
        #expect(try judge([1, nil, nil, nil], selfIssued: [1, 3]).chain() != nil)
        try judge([1, nil, nil, nil], selfIssued: [1]).expect(.pathLength, "length of 1", "there are 2")
        try judge([nil, 0, nil, nil], selfIssued: [2]).expect(.pathLength, "CN=CA 1", "length of 0", "there are 1")
    }

    @Test("counting a leaf that issued itself for no CA, whatever its own length says")
    func leaf() throws {
        let root = try Issued.root("Corp Root") { $0.set(.basicConstraints(isCA: true, pathLength: 0)) }
        #expect(
            try judged(root.leaf("Corp Root") { $0.set(.alternativeNames([.dns("a.test")])) }, trusted: [root]).chain()
                != nil
        )
        let requirements = CertificateRequirements(trusted: [try root.parsed()], extendedKeyUsages: [], allowsCA: true)
        let below = try root.ca("Below") { $0.set(.basicConstraints(isCA: true, pathLength: 0)) }
        #expect(try CertificateJudge(requirements, names: .any, at: Day.now).judge(below.parsed()).chain() != nil)
    }

    @Test("up to as many certificates as a report carries")
    func limit() throws {
        let limit = JWS.Limit.certificates
        #expect(try judge(Array(repeating: nil, count: limit - 1)).chain()?.certificates.count == limit)
        try judge(Array(repeating: nil, count: limit)).expect(.pathLength, "longer than \(limit) certificates")
    }
}
