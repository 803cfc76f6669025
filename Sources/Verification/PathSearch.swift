internal import OpenSSLBridge

/// The state of one search for a chain: what was verified, what went wrong, and what may still be spent.
struct PathSearch {
    let leaf: Certificate
    /// What is wrong with the leaf, whatever the chain.
    let flaw: CertificateProblem?
    /// The chain that was found.
    var path: [Certificate] = []
    /// How often something failed that might have held had the chain below been another one.
    private(set) var differences = 0
    private var best: (rank: Rank, problem: CertificateProblem)?
    /// What holds for other leaves, too.
    var memory: PathMemory
    private var deadEnds: Set<Int> = []
    private var steps = 0
    private var examinations = 0

    init(leaf: Certificate, flaw: CertificateProblem?, memory: PathMemory) {
        self.leaf = leaf
        self.flaw = flaw
        self.memory = memory
    }

    /// How near a failed chain came to a good one, from far to near.
    enum Rank: Int, Comparable {
        case untrustedEnd, tooLong, flawedIssuer, complete

        static func < (left: Rank, right: Rank) -> Bool { left.rawValue < right.rawValue }
    }

    /// The problem of the chain that came nearest; nil if nothing was found to be wrong.
    var problem: CertificateProblem? {
        let isLeafToBlame = best?.rank == .complete && (flaw != nil || deadEnds.contains(-1))
        return isExhausted && !isLeafToBlame ? .tooManyPaths(of: leaf, nearest: best?.problem) : best?.problem
    }

    /// Whether to look no further.
    var isOver: Bool { isExhausted || deadEnds.contains(-1) || (flaw != nil && best?.rank == .complete) }

    private var isExhausted: Bool {
        steps > PathBuilder.stepLimit || examinations > PathBuilder.examinationLimit
            || memory.examinations > PathBuilder.totalLimit
    }

    /// Keeps a problem if none that is nearer to a good chain is known; the first of equals stays.
    mutating func note(_ rank: Rank, _ problem: @autoclosure () -> CertificateProblem) {
        if let best, best.rank >= rank { return }
        best = (rank, problem())
    }

    /// Says that what failed just now might hold for another chain below.
    mutating func otherwiseMayDiffer() { differences += 1 }

    /// Whether no chain leads on from this certificate, whatever stands below it.
    func isDeadEnd(_ node: PathNode) -> Bool { deadEnds.contains(node.index) }

    /// Remembers that none does.
    mutating func markDeadEnd(_ node: PathNode) { deadEnds.insert(node.index) }

    /// Takes one look at an issuer; false if there were too many.
    mutating func step() -> Bool {
        steps += 1
        return !isExhausted
    }

    /// Takes one close look; false if there were too many.
    mutating func examination() -> Bool {
        examinations += 1
        memory.examinations += 1
        return !isExhausted
    }

    /// Whether the issuer's key signed the child; each pair is verified once.
    mutating func isSigned(_ child: PathNode, by issuer: PathNode) -> Bool {
        guard child.mayBeSigned(by: issuer), !isExhausted else { return false }
        let before = memory.signatures.count
        let isSigned = memory.signatures.isSigned(child.certificate, by: issuer.certificate, limit: child.keyLimit)
        if memory.signatures.count > before { _ = examination() }
        return isSigned
    }

    /// Whether a certificate may be an issuer in some chain.
    mutating func isFlawless(_ issuer: PathNode, by rules: CertificateRules) -> Bool {
        if let known = memory.flawless[issuer.index] { return known }
        return flaw(of: issuer, by: rules) == nil
    }

    /// What keeps a certificate from being an issuer in any chain.
    mutating func flaw(of issuer: PathNode, by rules: CertificateRules) -> CertificateProblem? {
        if memory.flawless[issuer.index] == true { return nil }
        let flaw = rules.flaw(ofIssuer: issuer.certificate, isTrusted: issuer.isTrusted, of: leaf)
        memory.flawless[issuer.index] = flaw == nil
        return flaw
    }

    /// Whether a trusted certificate vouches for this one: it is trusted itself, or a CA that was reached from a trusted
    /// one signed it.
    func isVouchedFor(_ node: PathNode) -> Bool { node.isTrusted || memory.vouchedFor.contains(node.index) }

    /// Verifies, from the trusted certificates down, for which of these certificates they vouch.
    ///
    /// `above` has everything that may stand above each of its certificates, by names and key identifiers.
    mutating func descend(through above: [PathNode], by rules: CertificateRules) {
        let below = Dictionary(grouping: above.filter { !isVouchedFor($0) }) { $0.issuerHash }
        var queue = above.filter { isVouchedFor($0) }
        var next = 0
        while next < queue.count {
            let issuer = queue[next]
            next += 1
            guard isFlawless(issuer, by: rules) else { continue }
            for child in below[issuer.subjectHash] ?? [] where !isVouchedFor(child) {
                guard step() else { return }
                guard isSigned(child, by: issuer) else { continue }
                memory.vouchedFor.insert(child.index)
                queue.append(child)
            }
        }
    }
}

/// What one judge remembers from leaf to leaf.
struct PathMemory {
    /// The signatures that were verified.
    var signatures = CertificateSignatures()
    /// The certificates that a CA signed that was reached from a trusted one, by their indices.
    var vouchedFor: Set<Int> = []
    /// Whether a certificate may issue, by its index.
    var flawless: [Int: Bool] = [:]
    /// The CRLs that somebody signed who is vouched for, once they were asked for.
    var lists: [RevocationList]?
    /// Close looks that were taken.
    var examinations = 0

    /// A memory for a search by other rules: it keeps the signatures that were verified, and the bound.
    var signaturesAlone: PathMemory {
        var memory = PathMemory()
        (memory.signatures, memory.examinations) = (signatures, examinations)
        return memory
    }
}
