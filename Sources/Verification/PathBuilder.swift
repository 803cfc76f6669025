internal import OpenSSLBridge
internal import PostureModel

/// Finds a chain from a leaf to a trusted certificate (RFC 5280 §6; RFC 4158 for the ways to look for one).
///
/// OpenSSL builds one chain and gives up where it fails. Here every chain that names, key identifiers and signatures
/// allow is tried, nearest to a trusted certificate first; a certificate that could stand in no chain at all (expired, no
/// CA's, …) is left out at once. Bounded: a maze costs ``stepLimit`` looks and ``examinationLimit`` examinations at most.
struct PathBuilder {
    /// The most certificates of a chain, leaf and anchor among them: what a report can carry.
    static let lengthLimit = JWS.Limit.certificates
    /// The most names that are compared for one leaf.
    static let stepLimit = 200_000
    /// The most issuers that are looked at closely for one leaf: signatures verified, rules gone through, chains
    /// validated as a whole.
    static let examinationLimit = 5_000
    /// The same for all leaves of one judge.
    static let totalLimit = 20_000

    private let rules: CertificateRules
    /// The CRLs that were given.
    private let given: Revocation
    /// Those that somebody in the pool signed.
    private let revocation: Revocation
    private let looksAtRevocation: Bool
    /// What may stand in a chain: trusted certificates first.
    private let pool: [PathNode]
    /// The certificates with this subject, nearest to a trusted one first.
    private let bySubject: [UInt: [PathNode]]
    /// Who may have signed the CRLs.
    private let signers: [Certificate]

    init(trusted: [Certificate], intermediates: [Certificate], revocation: Revocation, rules: CertificateRules) {
        var seen: Set<[UInt8]> = []
        let anchors = trusted.filter { seen.insert($0.der).inserted }
        let certificates = anchors + intermediates.filter { seen.insert($0.der).inserted }
        let distances = Self.distances(in: certificates, trusted: anchors.indices)
        var keys: [[UInt8]: Int] = [:]
        pool = certificates.indices.map { index in
            let info = certificates[index].publicKeyInfo
            let key = keys[info] ?? keys.count
            keys[info] = key
            return PathNode(certificates[index], index: index, key: key, distance: distances[index])
        }
        self.rules = rules
        given = revocation
        looksAtRevocation = !revocation.lists.isEmpty
        let issuers = Set(revocation.lists.map(\.issuer))
        signers = certificates.filter { certificate in
            !issuers.isEmpty && issuers.contains(certificate.subject)
                && certificate.keyUsage?.contains(.cRLSign) ?? true
        }
        // A list of another CA of the same name is no list, and would stand in the way of the one that is.
        let signers = signers
        let lists = revocation.lists.filter { signers.contains(where: $0.isSigned(by:)) }
        self.revocation = Revocation(lists: lists, failureMode: revocation.failureMode)
        // The newest of those that are equally near comes first.
        let order = pool.sorted { left, right in
            let (near, far) = (left.distance ?? .max, right.distance ?? .max)
            if near != far { return near < far }
            return (left.certificate.notBefore?.seconds ?? .min) > (right.certificate.notBefore?.seconds ?? .min)
        }
        bySubject = Dictionary(grouping: order) { $0.certificate.subjectHash }
    }

    private static func distances(in pool: [Certificate], trusted: Range<Int>) -> [Int?] {
        var distances = pool.indices.map { trusted.contains($0) ? 0 : nil as Int? }
        var byIssuer = Dictionary(grouping: pool.indices) { pool[$0].issuerHash }
        var queue = Array(trusted)
        var next = 0
        while next < queue.count {
            let index = queue[next]
            next += 1
            // All certificates of one subject have the same ones below them: once is enough.
            for below in byIssuer.removeValue(forKey: pool[index].subjectHash) ?? [] where distances[below] == nil {
                distances[below] = (distances[index] ?? 0) + 1
                queue.append(below)
            }
        }
        return distances
    }

    /// A chain from `leaf` to a trusted certificate, leaf first; `flaw` is what is wrong with the leaf in any chain.
    func path(
        from leaf: Certificate,
        flaw: CertificateProblem?,
        _ memory: inout PathMemory
    ) throws(OpenSSLError) -> PathOutcome {
        var search = PathSearch(leaf: leaf, flaw: flaw, memory: memory)
        defer { memory = search.memory }
        if pool.contains(where: { $0.isTrusted && $0.certificate.der == leaf.der }) {
            let problem = try problem(of: [PathNode(leaf, index: -1, key: -1, distance: 0)], &search)
            return problem.map(PathOutcome.none) ?? .found([leaf])
        }
        let start = PathNode(leaf, index: -1, key: -1, distance: nil)
        if try extend([start], in: &search) { return .found(search.path) }
        return .none(search.problem ?? deadEnd(from: start, &search))
    }

    /// Tries every issuer of the last certificate; true if one of them led to a chain.
    private func extend(_ path: [PathNode], in search: inout PathSearch) throws(OpenSSLError) -> Bool {
        guard let child = path.last else { return false }
        let leaf = search.leaf
        for issuer in bySubject[child.issuerHash] ?? [] where issuer.distance != nil && !search.isDeadEnd(issuer) {
            guard search.step() else { return false }
            guard search.isSigned(child, by: issuer) else {
                search.note(.badSignature, .badSignature(of: child.certificate, under: leaf))
                continue
            }
            guard !path.contains(where: issuer.isSameEntity(as:)) else {
                search.otherwiseMayDiffer()
                continue
            }
            guard path.count < Self.lengthLimit else {
                search.note(.tooLong, .tooLong(of: leaf, limit: Self.lengthLimit))
                search.otherwiseMayDiffer()
                continue
            }
            if let flaw = search.flaw(of: issuer, by: rules) {
                search.note(.flawedIssuer, flaw)
                search.markDeadEnd(issuer)
                continue
            }
            guard search.examination() else { return false }
            if let conflict = rules.conflict(of: issuer.certificate, with: path.map(\.certificate)) {
                search.note(.flawedIssuer, conflict)
                search.otherwiseMayDiffer()
                continue
            }
            if issuer.isTrusted {
                let chain = path + [issuer]
                guard let problem = try problem(of: chain, &search) else {
                    search.path = chain.map(\.certificate)
                    return true
                }
                search.note(.complete, problem)
                search.otherwiseMayDiffer()
                // The leaf is to blame, or the bound is reached: no other chain would be better.
                if search.isOver { return false }
                // Somebody on the way is: no chain with them would be.
                if path.contains(where: search.isDeadEnd) { return false }
            }
            let before = search.differences
            if try extend(path + [issuer], in: &search) { return true }
            if search.isOver || path.contains(where: search.isDeadEnd) { return false }
            if search.differences == before { search.markDeadEnd(issuer) }
        }
        if path.count > 1, child.certificate.isSelfIssued {
            search.note(.untrustedEnd, .untrustedEnd(of: path.map(\.certificate), trusted: trustedNames))
        }
        return false
    }

    /// What is wrong with a whole chain; nil if nothing is.
    private func problem(
        of chain: [PathNode],
        _ search: inout PathSearch
    ) throws(OpenSSLError) -> CertificateProblem? {
        if let flaw = search.flaw { return flaw }
        guard search.examination() else { return .tooManyPaths(of: search.leaf, nearest: nil) }
        let certificates = chain.map(\.certificate)
        let failure = try validate(
            chain: certificates,
            revocation: revocation,
            looksAtRevocation: looksAtRevocation,
            signers: signers,
            at: rules.time
        )
        guard let failure else { return nil }
        if failure.isOfCertificateAlone { search.markDeadEnd(chain[failure.depth]) }
        return CertificateProblem(failure, in: certificates, given: given, signers: signers)
    }

    /// The certificates that signed `leaf`, or signed one that did, but for roots: nearest first, within bounds.
    func issuers(of leaf: Certificate) -> [Certificate] {
        var search = PathSearch(leaf: leaf, flaw: nil, memory: PathMemory())
        var found = [PathNode(leaf, index: -1, key: -1, distance: nil)]
        var next = 0
        while next < found.count {
            let child = found[next]
            next += 1
            for issuer in bySubject[child.issuerHash] ?? [] where search.step() && found.count < Self.lengthLimit {
                let isRoot = issuer.certificate.isSelfIssued && issuer.certificate.isSigned(by: issuer.certificate)
                guard !isRoot, !found.contains(where: { $0.index == issuer.index }),
                    search.isSigned(child, by: issuer)
                else { continue }
                found.append(issuer)
            }
        }
        return found.dropFirst().map(\.certificate)
    }

    private var trustedNames: [String] { pool.filter(\.isTrusted).map(\.certificate.subject) }

    /// Why no chain leads from a leaf towards anything trusted: followed up to where it ends.
    private func deadEnd(from leaf: PathNode, _ search: inout PathSearch) -> CertificateProblem {
        var path = [leaf]
        while let child = path.last, path.count < Self.lengthLimit {
            let issuers = (bySubject[child.issuerHash] ?? []).filter { issuer in
                child.certificate.names(issuer: issuer.certificate) && !path.contains(where: issuer.isSameEntity(as:))
            }
            if let issuer = issuers.first(where: { search.step() && search.isSigned(child, by: $0) }) {
                path.append(issuer)
                continue
            }
            let certificates = path.map(\.certificate)
            if child.certificate.isSelfIssued { return .untrustedEnd(of: certificates, trusted: trustedNames) }
            if issuers.isEmpty { return .issuerUnknown(in: certificates, trusted: trustedNames) }
            return .badSignature(of: child.certificate, under: leaf.certificate)
        }
        return .tooLong(of: leaf.certificate, limit: Self.lengthLimit)
    }
}

/// What became of the search for a chain.
enum PathOutcome {
    /// The chain, leaf first, trusted certificate last.
    case found([Certificate])
    /// The problem that stood nearest to success.
    case none(CertificateProblem)
}
