internal import OpenSSLBridge
internal import PostureModel
internal import Verification

/// The one place where the harness asks for a judgement: what a target needs of it, and no more.
///
/// - Returns: The chain, leaf first; nil where the certificate was refused.
func judged(
    _ leaf: Certificate,
    over carried: [Certificate],
    trusting trusted: [Certificate],
    revocation: Revocation = Revocation()
) -> [Certificate]? {
    do throws(OpenSSLError) {
        let requirements = requirements(trusting: trusted, revocation: revocation)
        let judge = CertificateJudge(requirements, names: demand(), carried: carried, at: Corp.now)
        hold(judge.issuers(of: leaf).count < 10, "what may stand above a leaf fits into a report")
        switch try judge.judge(leaf) {
        case .valid(let chain):
            holdValid(chain.certificates, requirements)
            return chain.certificates
        case .invalid(let problem):
            hold(!problem.reason.isEmpty, "a certificate that is refused is refused with a reason")
            return nil
        }
    } catch {
        fatalError("does not hold: a certificate can be judged, whatever it is: \(error)")
    }
}

/// What the corporation demands: the name, and client authentication.
func requirements(
    trusting trusted: [Certificate],
    revocation: Revocation = Revocation()
) -> CertificateRequirements {
    CertificateRequirements(
        trusted: trusted,
        revocation: revocation,
        names: NamePatterns(commonName: try? NamePattern(Corp.name))
    )
}

/// The name of the one device.
func demand() -> NameDemand {
    let names = requirements(trusting: []).names
    guard let demand = try? names.resolved(with: VariableValues()) else { fatalError("a name is no name") }
    return demand
}

/// Compares a chain that was found valid with what its certificates say themselves.
private func holdValid(_ chain: [Certificate], _ requirements: CertificateRequirements) {
    guard let leaf = chain.first, let anchor = chain.last else {
        fatalError("does not hold: a valid chain is not empty")
    }
    hold(requirements.trusted.contains { $0.der == anchor.der }, "a valid chain ends at a trusted certificate")
    hold(leaf.commonNames.contains { $0.lowercased() == Corp.name }, "a valid leaf has the name")
    hold(leaf.extendedKeyUsages?.contains(ExtendedKeyUsage.clientAuth) == true, "a valid leaf has the usage")
    hold(!leaf.isCA, "a valid leaf is no CA's certificate")
    for certificate in chain {
        guard let start = certificate.notBefore, let end = certificate.notAfter else {
            fatalError("does not hold: a certificate of a valid chain has a validity")
        }
        hold(start <= Corp.now && Corp.now <= end, "a certificate of a valid chain is valid now")
    }
    for (below, above) in zip(chain, chain.dropFirst()) {
        hold(below.names(issuer: above), "each certificate of a valid chain names the one above it")
        hold(below.isSigned(by: above), "each certificate of a valid chain is signed by the one above it")
        hold(above.mayIssue, "what issues in a valid chain is a CA's certificate")
        let lists = requirements.revocation.lists.filter { $0.isComplete && $0.isSigned(by: above) }
        let isOnAll = !lists.isEmpty && lists.allSatisfy { $0.revokedSerialNumbers.contains(below.serialNumber) }
        hold(!isOnAll, "no certificate of a valid chain is on every list of its issuer")
        guard !requirements.revocation.lists.isEmpty, requirements.revocation.failureMode == .hard else { continue }
        hold(
            requirements.revocation.lists.contains { $0.isSigned(by: above) },
            "each certificate of a valid chain has a list of its issuer, where one is asked for"
        )
    }
}
