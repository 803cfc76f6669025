internal import ConfigurationFile
internal import NSSBridge
internal import OpenSSLBridge
internal import PostureModel
package import Verification

/// A check of the configuration: the certificate to look for, and where.
package struct CertificateCheck: Sendable {
    /// The id, the same as in the scorer's configuration.
    package var id: String
    /// Where to look.
    package var source: CertificateSource
    /// The nickname to look for it by, as `certutil -L -n` does; nil for every certificate.
    package var nickname: String?
    /// What the certificate has to be.
    package var requirements: CertificateRequirements
    /// The files of CRLs: read again at every look, since somebody else renews them.
    package var crls: [String] = []
}

extension CertificateCheck {
    /// Certificates that are judged for one check; where more have the right names, the rest is said to be left out.
    static let candidateLimit = 1000

    /// Looks where the check says and judges what is there, as of `now`, on the machine with these `values`.
    func run(at now: Timestamp, values: VariableValues, warpIDs: [String]) async -> CheckResult {
        if now < Version.builtAfter { return CheckResult(id: id, unable: .wrongClock(now)) }
        let demand: NameDemand
        do throws(CertificateProblem) { demand = try requirements.names.resolved(with: values) } catch {
            return CheckResult(id: id, unable: error)
        }
        var current = self
        let problem = current.readLists()
        let contents: Contents
        do throws(LookFailure) { contents = try await source.contents() } catch {
            switch error {
            case .absent(let reason): return CheckResult(id: id, notFound: reason)
            case .unreadable(let reason): return CheckResult(id: id, unable: CertificateProblem(.unreadable, reason))
            }
        }
        var result = current.judge(contents, demand, warpIDs: warpIDs, at: now)
        if let problem { result.couldNotLook(problem) }
        return result
    }

    /// Reads the CRLs anew; says what is wrong with them, if something is: then there are none.
    private mutating func readLists() -> CertificateProblem? {
        do throws(ConfigurationError) {
            requirements.revocation.lists = try revocationLists(in: crls)
            try checkOwnership(of: crls)
            return nil
        } catch {
            requirements.revocation.lists = []
            return CertificateProblem(
                .revocationUnknown,
                "it is not known what was revoked: the CRL \(error)",
                gap: .unreadable
            )
        }
    }

    /// Pure: from what is there to a result.
    ///
    /// Every certificate is considered, by its subject; by its nickname, which whoever imported it chose, only where the
    /// check asks for one.
    func judge(_ contents: Contents, _ demand: NameDemand, warpIDs: [String], at now: Timestamp) -> CheckResult {
        let leaves = self.leaves(in: contents, demand)
        let judge = CertificateJudge(
            requirements,
            names: demand,
            carried: contents.certificates.map(\.certificate).filter(\.isCA),
            at: now
        )
        var candidates: [Candidate] = []
        do throws(OpenSSLError) {
            let judged = leaves.prefix(Self.candidateLimit)
            let judgements = try judge.judge(judged.map(\.certificate))
            candidates = zip(judged, judgements).map { Candidate(stored: $0, judgement: $1) }
        } catch {
            let reason = "the certificates cannot be judged: \(error)"
            return CheckResult(id: id, unable: CertificateProblem(.unreadable, reason))
        }
        // What a CA at hand issued is the company's, whatever it is called.
        candidates.removeAll { $0.isOfUnknownIssuer && $0.stored.isOfWARP(warpIDs: warpIDs) }
        var result: CheckResult
        if var best = candidates.max(by: { $1.isBetter(than: $0) }) {
            best.issuersAtHand = best.isValid ? [] : judge.issuers(of: best.certificate)
            result = self.result(for: best, contents, among: candidates.count, at: now)
        } else {
            result = notFound(in: contents, demand, ignoring: leaves.count)
        }
        result.candidates = candidates.map(CandidateVerdict.init)
        result.doubt(contents, leftOut: leaves.count - Self.candidateLimit)
        if let sentence = contents.othersMayWrite {
            result.warnings.append("what is found may be put there by others: \(sentence)")
        }
        return result
    }

    /// The certificates with the names that are asked for, best first; a CA's only where nothing else has them.
    private func leaves(in contents: Contents, _ demand: NameDemand) -> [StoredCertificate] {
        let asked = named(contents.certificates).filter { demand.problem(of: $0.certificate) == nil }
        let leaves = asked.filter { !$0.certificate.isCA }
        let isAnyAsked = demand == .any && nickname == nil
        return (leaves.isEmpty && !isAnyAsked ? asked : leaves).sorted { $0.isPreferred(to: $1) }
    }

    private func named(_ certificates: [StoredCertificate]) -> [StoredCertificate] {
        guard let nickname else { return certificates }
        var byEntry: [NSSCertificate] = []
        for case .token(let entry) in certificates.map(\.key) { byEntry.append(entry) }
        let found = byEntry.named(nickname, details: Certificate.details)
        let ders = Set(found.map(\.der))
        return certificates.filter { ders.contains($0.certificate.der) }
    }

    private func result(
        for best: Candidate,
        _ contents: Contents,
        among count: Int,
        at now: Timestamp
    ) -> CheckResult {
        let isShared = best.hasKey && best.stored.isKeyInFile && contents.othersMayReadKeys != nil
        let finding = CheckFinding.Finding.found(
            FoundCertificate(
                fingerprint: best.certificate.fingerprint,
                privateKey: best.stored.privateKey,
                isKeyShared: isShared,
                chain: best.hasKey ? [] : best.certificatesForScorer
            )
        )
        let rest = count > 1 ? " (the best of \(count) certificates with these names)" : ""
        var result: CheckResult
        switch (best.judgement, best.stored.privateKey) {
        case (.invalid(let problem), _):
            result = CheckResult(id: id, .fail, problem.reason + rest, problem.code, finding)
        case (.valid(let chain), .absent):
            let problem = CertificateProblem.noKey(of: chain, in: best.stored.keyFile)
            result = CheckResult(id: id, .fail, problem.reason + rest, problem.code, finding)
        case (.valid(let chain), .unreadable(let reason)):
            let problem = CertificateProblem.unreadableKey(of: chain, reason)
            result = CheckResult(id: id, .unable, problem.reason + rest, problem.code, finding)
        case (.valid(let chain), .present):
            result = CheckResult(id: id, .pass, "\(chain.summary), with its private key\(rest)", nil, finding)
            if best.stored.proofAlgorithm == nil {
                result.warnings.append(
                    "its key cannot prove it to the scorer (no digitalSignature, or neither RSA nor P-256 nor P-384)"
                )
            }
            if let sentence = contents.othersMayReadKeys, isShared {
                result.warnings.append("the scorer takes its key for shared: \(sentence)")
            }
        }
        if case .valid(let chain) = best.judgement {
            let warning = chain.expiryWarning(within: requirements.expiryWarning, at: now)
            if let warning { result.warnings.append(warning) }
        }
        result.candidate = best
        return result
    }

    /// Nothing with these names: not there, or not where anybody could see it.
    private func notFound(in contents: Contents, _ demand: NameDemand, ignoring ignored: Int) -> CheckResult {
        let names = Set(contents.certificates.map(\.certificate).filter { !$0.isCA }.flatMap(\.commonNames)).sorted()
        let shown = names.prefix(5).map { "'\($0.prefix(64))'" }.joined(separator: ", ")
        var reason = "\(source) holds no certificate\(demand.words)"
        if let nickname { reason += " and the nickname '\(nickname)'" }
        reason += names.isEmpty ? "" : "; those there are for \(shown)\(names.count > 5 ? " and others" : "")"
        reason += ignored == 0 ? "" : "; what the WARP client made for itself does not count"
        return CheckResult(id: id, notFound: reason)
    }
}

extension CheckResult {
    /// Takes back a failure where not everything was looked at: what is asked for may be there.
    fileprivate mutating func doubt(_ contents: Contents, leftOut: Int) {
        let passedOver = contents.passedOver.isEmpty ? nil : "passed over: \(few(contents.passedOver))"
        guard outcome == .fail else {
            if let passedOver { warnings.append(passedOver) }
            return
        }
        var doubts = contents.unseen
        if let passedOver { doubts.append(passedOver) }
        if leftOut > 0 { doubts.append("\(leftOut) more certificates have these names, and were not judged") }
        if code == .tooManyPaths { doubts.append("not every chain was tried") }
        guard !doubts.isEmpty else { return }
        let sentence = "as far as can be seen, \(reason); not everything can be: \(doubts.joined(separator: "; "))"
        couldNotLook(
            CertificateProblem(code == .notFound ? .unreadable : code ?? .unreadable, sentence),
            replacing: true
        )
    }

    /// The first of some sentences, and how many more there are.
    private func few(_ sentences: [String]) -> String {
        let limit = 5
        let rest = sentences.count > limit ? ["\(sentences.count - limit) more"] : []
        return (sentences.prefix(limit) + rest).joined(separator: "; ")
    }

    /// Says that nobody could look, or not at everything; what was found stays evidence for the scorer.
    fileprivate mutating func couldNotLook(_ problem: CertificateProblem, replacing: Bool = false) {
        (outcome, code) = (.unable, problem.code)
        reason = replacing ? problem.reason : "\(problem.reason); otherwise: \(reason)"
        if case .notFound = finding { finding = .unreadable(reason: reason) }
    }
}
