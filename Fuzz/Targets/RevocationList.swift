internal import OpenSSLBridge
internal import PostureModel

/// A file of CRLs, in DER or PEM, as whoever publishes it wrote it.
///
/// What holds: it is read whole or refused; a certificate is good only by a list that was signed; and no list that was
/// not makes a revoked one good.
func fuzzRevocationList(_ bytes: [UInt8]) {
    guard let lists = try? RevocationList.parse(bytes) else { return }
    hold(!lists.isEmpty, "a file without a list is refused")
    for list in lists { holdAnswers(of: list) }

    let hard = Revocation(lists: lists + Corp.rootLists, failureMode: .hard)
    if judged(Corp.leaf, over: [Corp.issuing], trusting: [Corp.root], revocation: hard) != nil {
        hold(lists.contains { $0.isSigned(by: Corp.issuing) }, "what is not on a list is so by a list that was signed")
    }
    // The CA itself may take back what it revoked.
    if lists.contains(where: { $0.isSigned(by: Corp.issuing) }) { return }
    for mode in [Revocation.FailureMode.hard, .soft] {
        let every = Revocation(lists: lists + Corp.rootLists + Corp.issuingLists, failureMode: mode)
        let chain = judged(Corp.revoked, over: [Corp.issuing], trusting: [Corp.root], revocation: every)
        hold(chain == nil, "no list that was not signed makes a revoked certificate good (\(mode))")
    }
}

/// A CRL that a trusted CA signed, although it should not have: what comes after the signature is reached.
///
/// What holds: a valid chain is what its certificates and lists say (``judged(_:over:trusting:revocation:)``).
func fuzzRevocationListIssued(_ bytes: [UInt8]) {
    guard let der = Issuer.issuedList(bytes), let lists = try? RevocationList.parse(der) else { return }
    for list in lists { holdAnswers(of: list) }
    for mode in [Revocation.FailureMode.hard, .soft] {
        let revocation = Revocation(lists: lists, failureMode: mode)
        _ = judged(Issuer.leaf, over: [Issuer.issuing], trusting: [Issuer.issuing], revocation: revocation)
        _ = judged(Issuer.leaf, over: [Issuer.issuing], trusting: [Issuer.root], revocation: revocation)
    }
}

/// Asks a list everything there is to ask.
private func holdAnswers(of list: RevocationList) {
    let isPlain = list.issuer.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7f...0x9f).contains($0.value) }
    hold(isPlain, "a name that is shown steers no terminal")
    hold(!list.isConforming || list.nextUpdate != nil, "a list that conforms says when the next is due")
    hold(list.revokedSerialNumbers.allSatisfy { !$0.isEmpty }, "what is on a list has a serial number")
    for time in [list.thisUpdate, list.nextUpdate].compactMap(\.self) {
        hold(!time.description.isEmpty, "a time can be written")
    }
    _ = list.isComplete
    _ = list.isSigned(by: Corp.root)
}
