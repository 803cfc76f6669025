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
    private(set) var memory: PathMemory
    /// Whether a key signed the leaf, by the key's number.
    private var leafSignatures: [Int: Bool] = [:]
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
        case badSignature, untrustedEnd, tooLong, flawedIssuer, complete

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
        guard child.mayBeSigned(by: issuer) else { return false }
        let pair = PathMemory.Pair(child: child.index, key: issuer.key)
        // All leaves have the same index.
        if let known = child.index < 0 ? leafSignatures[issuer.key] : memory.signatures[pair] { return known }
        guard examination() else { return false }
        let isSigned = child.certificate.isSigned(by: issuer.certificate)
        if child.index < 0 { leafSignatures[issuer.key] = isSigned } else { memory.signatures[pair] = isSigned }
        return isSigned
    }

    /// What keeps a certificate from being an issuer in any chain; each is asked about until it is known to be good.
    mutating func flaw(of issuer: PathNode, by rules: CertificateRules) -> CertificateProblem? {
        if memory.flawless.contains(issuer.index) { return nil }
        let flaw = rules.flaw(ofIssuer: issuer.certificate, isTrusted: issuer.isTrusted, of: leaf)
        if flaw == nil { memory.flawless.insert(issuer.index) }
        return flaw
    }
}

/// What one judge remembers from leaf to leaf.
struct PathMemory {
    /// A certificate, by its index, and a key that may have signed it.
    struct Pair: Hashable {
        let child: Int
        let key: Int
    }

    /// Whether the key signed the certificate.
    var signatures: [Pair: Bool] = [:]
    /// Certificates that may issue.
    var flawless: Set<Int> = []
    /// Close looks that were taken.
    var examinations = 0
}
