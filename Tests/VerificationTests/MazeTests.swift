import Glibc
import OpenSSLBridge
import PostureModel
import TestSupport
import Testing
import Verification

@Suite("Among thousands of certificates")
struct MazeTests {
    let root: Issued
    /// Certificates of one name and one key, by the root, as a CA renews its own.
    let name = "Corp Issuing"
    let key: PrivateKey

    init() throws {
        root = try .root("Corp Root")
        key = try .generate(.p256)
    }

    /// Judges within a bound of CPU time.
    private func judge(
        _ leaf: Issued,
        _ pool: [Issued],
        at time: Timestamp = Day.now,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> CertificateJudgement {
        let pool = try pool.map { try $0.parsed() }
        let requirements = CertificateRequirements(trusted: [try root.parsed()], intermediates: pool)
        let leaf = try leaf.parsed()
        let start = threadSeconds()
        let judgement = try CertificateJudge(requirements, names: .any, at: time).judge(leaf)
        // Some seconds at worst.
        #expect(threadSeconds() - start < 30, sourceLocation: sourceLocation)
        return judgement
    }

    private func renewals(_ count: Int, change: (inout Draft) -> Void = { _ in }) throws -> [Issued] {
        try (0..<count).map { _ in try root.ca(name, key: key, change: change) }
    }

    @Test("the one intermediate of a thousand renewed ones is found that is valid")
    func renewed() throws {
        let good = try root.ca(name, key: key)
        let leaf = try good.leaf()
        let kinds: [(code: CertificateProblem.Code, bad: [Issued])] = [
            (.expired, try renewals(999) { $0.notAfter = "20300301000000Z" }),
            (.unsuitable, try renewals(999) { $0.set(.basicConstraints(isCA: false)) }),
            (.nameNotPermitted, try renewals(999) { $0.set(.nameConstraints(excluded: [.dns("acme.test")])) }),
            (.badSignature, try renewals(999).map(\.spoilt)),
        ]
        for (code, bad) in kinds {
            for pool in [bad + [good], [good] + bad, bad.prefix(700) + [good] + bad.suffix(299)] {
                #expect(try judge(leaf, pool).chain()?.certificates[1].der == good.der)
            }
            try judge(leaf, bad).expect(code, name)
        }
        try judge(leaf.spoilt, renewals(1000)).expect(.badSignature, "CN=laptop-1.acme.test")
    }

    @Test("the one of a thousand keys is found that signed, with key identifiers and without")
    func sameName() throws {
        let pool = try (0..<1000).map { _ in try root.ca(name) }
        #expect(try judge(pool[777].leaf(), pool).chain()?.certificates[1].der == pool[777].der)
        try judge(root.ca(name).leaf(), pool).expect(.badSignature, "CN=laptop-1.acme.test")
        // A key identifier that every one of them claims.
        let identifier = [UInt8](repeating: 7, count: 20)
        let alike = try (0..<1000).map { _ in try root.ca(name) { $0.set(.subjectKeyIdentifier(identifier)) } }
        func claim(_ draft: inout Draft) { draft.set(.authorityKeyIdentifier(identifier)) }
        #expect(try judge(alike[500].leaf(change: claim), alike).chain()?.certificates[1].der == alike[500].der)
        try judge(root.ca(name).leaf(change: claim), alike).expect(.badSignature)
    }

    /// So many CAs a layer, each certified by all of the next; the last by `top`, if `change` lets it.
    private func layers(
        _ count: Int,
        of width: Int,
        top: Issued,
        change: (_ layer: Int, _ below: Int, _ above: Int, inout Draft) -> Void = { _, _, _, _ in }
    ) throws -> (bottom: Issued, pool: [Issued]) {
        var pool: [Issued] = []
        var above = [top]
        for layer in (0..<count).reversed() {
            let keys = try (0..<width).map { _ in try PrivateKey.generate(.p256) }
            var current: [Issued] = []
            for (below, key) in keys.enumerated() {
                let issued = try above.indices.map { index in
                    try above[index].ca("CA \(layer).\(below)", key: key) { change(layer, below, index, &$0) }
                }
                pool += issued
                current.append(issued[0])
            }
            above = current
        }
        return (above[0], pool)
    }

    @Test("without a way to the trusted CA the search ends, and says that there is none")
    func mazeWithoutExit() throws {
        // 10 * 10 * 10 * 10 ways, up to a CA of the trusted one's name and another key.
        let (bottom, pool) = try layers(5, of: 10, top: .root("Corp Root"))
        guard case .invalid(let problem) = try judge(bottom.leaf(), pool) else { Issue.record("accepted"); return }
        #expect([.badSignature, .untrustedIssuer].contains(problem.code), "\(problem.code): \(problem.reason)")
    }

    @Test("where all of a million ways fail at their end the search gives up, and says so", .timeLimit(.minutes(2)))
    func traps() throws {
        let traps: [(words: String, trap: (inout Draft) -> Void)] = [
            ("name constraints", { $0.set(.nameConstraints(excluded: [.dns("acme.test")])) }),
            ("path length", { $0.set(.basicConstraints(isCA: true, pathLength: 2)) }),
        ]
        for (words, trap) in traps {
            let (bottom, pool) = try layers(7, of: 10, top: root) { layer, _, _, draft in
                if layer == 6 { trap(&draft) }
            }
            try judge(bottom.leaf(), pool).expect(.tooManyPaths, "not all were tried", "of no use", words)
        }
    }

    @Test("a way is found through layers where one certificate of a hundred is valid")
    func oneWay() throws {
        let way = [0, 7, 3, 9, 5]
        let (bottom, pool) = try layers(5, of: 10, top: root) { layer, below, above, draft in
            let isOnWay = below == way[layer] && (layer == 4 || above == way[layer + 1])
            if !isOnWay { draft.notAfter = "20300301000000Z" }
        }
        let leaf = try bottom.leaf()
        for order in [pool, pool.reversed()] {
            let chain = try judge(leaf, order).chain()
            #expect(
                chain?.certificates.dropFirst().map(\.subject) == way.enumerated().map { "CN=CA \($0).\($1)" } + [
                    "CN=Corp Root"
                ]
            )
        }
    }

    @Test("two dozen CAs that all certify each other lead to the one that the trusted CA certified")
    func clique() throws {
        let roots = try (0..<24).map { try Issued.root("CA \($0)") }
        let crossed = try roots.enumerated().flatMap { index, issuer in
            try roots.enumerated().filter { $0.offset != index }.map { try issuer.ca("CA \($0)", key: $1.key) }
        }
        let leaf = try roots[0].leaf()
        guard case .invalid = try judge(leaf, crossed + roots) else { Issue.record("accepted"); return }
        let entry = try root.ca("CA 23", key: roots[23].key)
        #expect(try judge(leaf, crossed + roots + [entry]).chain()?.certificates.count == 4)
    }
}

/// The CPU time that this thread has had, in seconds: whoever else is busy on the machine does not count.
private func threadSeconds() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
