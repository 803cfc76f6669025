internal import OpenSSLBridge
internal import PostureModel

/// Finds a chain from a leaf to a trusted certificate (RFC 5280 §6; RFC 4158 for the ways to look for one).
///
/// OpenSSL builds one chain and gives up where it fails. Here every chain that names, key identifiers and signatures
/// allow is tried, nearest to a trusted certificate first. Signatures are verified from the trusted certificates down: no
/// key is used that is not a trusted certificate's, or that of a CA which was reached from one, and each signature is
/// verified once. Bounded: a maze costs ``stepLimit`` looks and ``examinationLimit`` examinations at most.
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

    private var rules: CertificateRules
    private var revocation: Revocation
    /// The most keys that are tried on the signature of a leaf.
    private let keyLimit: Int
    /// What may stand in a chain: trusted certificates first.
    private let pool: [PathNode]
    /// The certificates with this subject, nearest to a trusted one first.
    private let bySubject: [UInt: [PathNode]]
    /// The certificates that may have signed a CRL, by name and key usage.
    private let signers: [PathNode]

    /// Creates a search among these certificates; `keyLimit` is the most keys that are tried on the signature of a leaf, and
    /// of a carried certificate.
    init(
        trusted: [Certificate],
        intermediates: [Certificate],
        carried: [Certificate] = [],
        keyLimit: Int = .max,
        revocation: Revocation,
        rules: CertificateRules
    ) {
        var seen: Set<[UInt8]> = []
        let anchors = trusted.filter { seen.insert($0.der).inserted }
        let configured = anchors + intermediates.filter { seen.insert($0.der).inserted }
        let certificates = configured + carried.filter { seen.insert($0.der).inserted }
        let distances = Self.distances(in: certificates, trusted: anchors.indices)
        var keys: [[UInt8]: Int] = [:]
        pool = certificates.indices.map { index in
            let identity = certificates[index].keyIdentity
            let key = keys[identity] ?? keys.count
            keys[identity] = key
            return PathNode(
                certificates[index],
                index: index,
                key: key,
                distance: distances[index],
                keyLimit: index < configured.count ? .max : keyLimit
            )
        }
        self.rules = rules
        self.revocation = revocation
        self.keyLimit = keyLimit
        let issuers = Set(revocation.lists.map(\.issuer))
        signers =
            issuers.isEmpty
            ? []
            : pool.filter { node in
                issuers.contains(node.certificate.subject) && node.certificate.keyUsage?.contains(.cRLSign) ?? true
            }
        // The newest of those that are equally near comes first.
        let order = pool.sorted { left, right in
            let (near, far) = (left.distance ?? .max, right.distance ?? .max)
            if near != far { return near < far }
            return (left.certificate.notBefore?.seconds ?? .min) > (right.certificate.notBefore?.seconds ?? .min)
        }
        bySubject = Dictionary(grouping: order) { $0.subjectHash }
    }

    /// The same search, for which an expired certificate and one of unknown revocation are as good as others.
    var lenient: PathBuilder {
        var copy = self
        copy.rules.acceptsExpired = true
        copy.revocation.failureMode = .soft
        return copy
    }

    /// Whether the leaf, or a certificate that may stand above it, has expired.
    func hasExpired(_ leaf: Certificate) -> Bool {
        ([leaf] + pool.map(\.certificate)).contains { ($0.notAfter?.seconds ?? .max) < rules.time.seconds }
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
            let problem = try problem(of: [node(of: leaf, distance: 0)], &search)
            return problem.map(PathOutcome.none) ?? .found([leaf])
        }
        let start = node(of: leaf)
        search.descend(through: above([start], &search), by: rules)
        if try extend([start], in: &search) { return .found(search.path) }
        return .none(search.problem ?? deadEnd(from: start, &search))
    }

    private func node(of leaf: Certificate, distance: Int? = nil) -> PathNode {
        PathNode(leaf, index: -1, key: -1, distance: distance, keyLimit: keyLimit)
    }

    /// What may stand above these certificates, by names and key identifiers.
    private func above(_ start: [PathNode], _ search: inout PathSearch) -> [PathNode] {
        var found: [PathNode] = []
        var seen: Set<Int> = []
        var queue = start
        while let child = queue.popLast() {
            for issuer in bySubject[child.issuerHash] ?? [] where issuer.distance != nil {
                guard search.step() else { return found }
                guard !seen.contains(issuer.index), child.mayBeSigned(by: issuer) else { continue }
                seen.insert(issuer.index)
                found.append(issuer)
                queue.append(issuer)
            }
        }
        return found
    }

    /// Tries every issuer of the last certificate; true if one of them led to a chain.
    private func extend(_ path: [PathNode], in search: inout PathSearch) throws(OpenSSLError) -> Bool {
        guard let child = path.last else { return false }
        let leaf = search.leaf
        for issuer in bySubject[child.issuerHash] ?? [] where !search.isDeadEnd(issuer) {
            guard search.step() else { return false }
            guard search.isVouchedFor(issuer) else { continue }
            if let refusal = issuer.certificate.keyRefusal, child.mayBeSigned(by: issuer) {
                search.note(.flawedIssuer, .refusedKey(of: issuer.certificate, under: leaf, refusal))
                continue
            }
            guard search.isSigned(child, by: issuer) else { continue }
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
        let lists = lists(&search)
        let failure = try validate(
            chain: certificates,
            signatures: search.memory.signatures,
            revocation: Revocation(
                lists: lists,
                failureMode: revocation.failureMode,
                leeway: revocation.leeway
            ),
            looksAtRevocation: !revocation.lists.isEmpty || revocation.needsLists,
            signers: signers.filter { search.isVouchedFor($0) }.map(\.certificate),
            at: rules.time
        )
        guard let failure else { return nil }
        if failure.isOfCertificateAlone { search.markDeadEnd(chain[failure.depth]) }
        return CertificateProblem(
            failure,
            in: certificates,
            given: revocation,
            signers: signers.filter { search.isVouchedFor($0) }.map(\.certificate)
        )
    }

    /// The CRLs that count.
    ///
    /// A list of another CA of the same name is no list, and would stand in the way of the one that is.
    private func lists(_ search: inout PathSearch) -> [RevocationList] {
        if let known = search.memory.lists { return known }
        if signers.isEmpty { return [] }
        search.descend(through: signers + above(signers, &search), by: rules)
        let vouchedFor = signers.filter { search.isVouchedFor($0) }
        let lists = revocation.lists.filter { list in vouchedFor.contains { list.isSigned(by: $0.certificate) } }
        search.memory.lists = lists
        return lists
    }

    /// The certificates that signed `leaf`, or signed one that did, but for roots: nearest first, within bounds.
    func issuers(of leaf: Certificate) -> [Certificate] {
        var search = PathSearch(leaf: leaf, flaw: nil, memory: PathMemory())
        var found = [node(of: leaf)]
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

    /// Why no chain leads from a leaf to anything trusted: followed up to where it ends, by names and key identifiers.
    private func deadEnd(from leaf: PathNode, _ search: inout PathSearch) -> CertificateProblem {
        var path = [leaf]
        while let child = path.last, path.count < Self.lengthLimit {
            let named = (bySubject[child.issuerHash] ?? []).filter { issuer in
                child.certificate.names(issuer: issuer.certificate) && !path.contains(where: issuer.isSameEntity(as:))
            }
            let likely = named.filter { search.step() && child.mayBeSigned(by: $0) }
            if let issuer = likely.first(where: { !search.isVouchedFor($0) }) {
                path.append(issuer)
                continue
            }
            // A CA that may not issue vouches for none, and its key was not tried.
            for issuer in likely {
                if let flaw = search.flaw(of: issuer, by: rules) { return flaw }
            }
            let certificates = path.map(\.certificate)
            if child.certificate.isSelfIssued { return .untrustedEnd(of: certificates, trusted: trustedNames) }
            if named.isEmpty { return .issuerUnknown(in: certificates, trusted: trustedNames) }
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
