internal import NSSBridge
internal import OpenSSLBridge
internal import PostureModel
internal import Verification

extension AgentConfiguration.Check {
    /// Looks into the database and judges what is there, as of `now`.
    ///
    /// Every certificate is considered, by its subject and not by its nickname, which whoever imported it chose.
    func run(at now: Timestamp) async -> CheckResult {
        let stored: [NSSCertificate]
        do {
            stored = try await NSS.withDatabase(at: database) { try $0.certificates() }
        } catch let error as NSSDatabaseError where error.isAbsent {
            return failure(.notFound, "\(error)", .notFound(reason: "\(error)"))
        } catch {
            return unable(.unreadable, "\(error)")
        }
        return judge(stored, at: now)
    }

    /// Pure: from what the database holds to a result.
    func judge(_ stored: [NSSCertificate], at now: Timestamp) -> CheckResult {
        let parsed = stored.compactMap { entry in (try? Certificate(der: entry.der)).map { ($0, entry) } }
        let named = parsed.filter { requirements.matchesName(of: $0.0) && !$0.0.isCA }
        let others = parsed.map(\.0).filter(\.isCA)
        var candidates: [Candidate] = []
        do throws(OpenSSLError) {
            for (certificate, entry) in named {
                let judgement = try Verification.judge(certificate, against: requirements, over: others, at: now)
                candidates.append(Candidate(certificate: certificate, stored: entry, judgement: judgement))
            }
        } catch {
            return unable(.unreadable, "the certificates cannot be judged: \(error)")
        }
        guard let best = candidates.max(by: { $1.isBetter(than: $0) }) else {
            let reason = notFoundReason(parsed.map(\.0), unparsed: stored.count - parsed.count)
            return failure(.notFound, reason, .notFound(reason: reason))
        }
        return result(for: best, among: candidates.count)
    }

    private func result(for best: Candidate, among count: Int) -> CheckResult {
        let finding = CheckFinding.Finding.found(
            FoundCertificate(
                fingerprint: best.certificate.fingerprint,
                privateKey: best.stored.privateKey,
                chain: best.hasKey ? [] : best.evidence
            )
        )
        var result: CheckResult
        switch (best.judgement, best.stored.privateKey) {
        case (.invalid(let problem), _):
            let rest = count > 1 ? " (the best of \(count) certificates with this name)" : ""
            result = failure(problem.code, problem.reason + rest, finding)
        case (.valid, .absent):
            let reason =
                "\(best.certificate.subject) is valid, but its private key is not in \(database): "
                + "import the certificate together with its key (pk12util -i)"
            result = failure(.noPrivateKey, reason, finding)
        case (.valid, .unreadable(let reason)):
            result = unable(.privateKeyUnreadable, "the private key of \(best.certificate.subject): \(reason)")
            result.finding = finding
        case (.valid(let chain), .present):
            let end = chain.holdsUntil.map { ", valid until \($0)" } ?? ""
            let anchor = chain.anchor?.subject ?? ""
            let cannot =
                best.proofAlgorithm == nil
                ? "; its key cannot prove it to the scorer (no digitalSignature, or neither RSA nor P-256 nor P-384)"
                : ""
            result = CheckResult(
                id: id,
                outcome: .pass,
                reason: "\(best.certificate.subject), issued under \(anchor), with its private key\(end)\(cannot)",
                finding: finding
            )
        }
        result.candidate = best
        return result
    }

    private func notFoundReason(_ certificates: [Certificate], unparsed: Int) -> String {
        let wanted = requirements.commonName.map { " with the common name '\($0)'" } ?? ""
        let names = Set(certificates.filter { !$0.isCA }.flatMap(\.commonNames)).sorted()
        let shown = names.prefix(5).map { "'\($0.prefix(64))'" }.joined(separator: ", ")
        var reason = "\(database) holds no certificate\(wanted)"
        reason += names.isEmpty ? "" : "; those there are for \(shown)\(names.count > 5 ? " and others" : "")"
        reason += unparsed == 0 ? "" : "; \(unparsed) could not be read"
        return reason
    }

    private func failure(
        _ code: CertificateProblem.Code,
        _ reason: String,
        _ finding: CheckFinding.Finding
    ) -> CheckResult {
        CheckResult(id: id, outcome: .fail, reason: reason, code: code, finding: finding)
    }

    private func unable(_ code: CertificateProblem.Code, _ reason: String) -> CheckResult {
        CheckResult(id: id, outcome: .unable, reason: reason, code: code, finding: .unreadable(reason: reason))
    }
}
