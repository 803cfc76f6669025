internal import OpenSSLBridge
internal import PostureModel

@testable internal import Agent
@testable internal import NSSBridge

/// What a database holds, judged by the agent's check: anybody may have put it there.
///
/// An input is pieces, two for each certificate: what stands beside it, and its DER. What holds: the check passes only
/// where a certificate that was issued has its key, and nothing beside a good certificate makes the check fail.
func fuzzDatabase(_ bytes: [UInt8]) {
    let pieces = Pieces(bytes).all
    let rows = stride(from: 0, to: pieces.count - 1, by: 2).prefix(32).map { index in
        NSSCertificate(details: pieces[index], der: pieces[index + 1])
    }
    hold(checked(rows), by: rows)
    if let nickname = rows.lazy.compactMap(\.nickname).first { hold(checked(rows, nickname: nickname), by: rows) }

    let good = [Corp.leaf, Corp.issuing].map { certificate in
        NSSCertificate(details: [1], der: certificate.der)
    }
    hold(checked(rows + good).outcome == .pass, "what stands beside a good certificate does not hide it")
}

/// What the agent makes of these rows.
private func checked(_ rows: [NSSCertificate], nickname: String? = nil) -> CheckResult {
    let check = CertificateCheck(
        id: "laptop",
        source: .database(path: "/nowhere", password: nil),
        nickname: nickname,
        requirements: requirements(trusting: [Corp.root])
    )
    var contents = Contents()
    for row in rows {
        guard let certificate = try? Certificate(der: row.der) else {
            contents.passedOver.append(row.phrase)
            continue
        }
        contents.certificates.append(
            StoredCertificate(
                certificate: certificate,
                nickname: row.nickname,
                token: row.token,
                privateKey: row.privateKey,
                key: .token(row)
            )
        )
    }
    return check.judge(contents, demand(), warpIDs: [], at: Corp.now)
}

private func hold(_ result: CheckResult, by rows: [NSSCertificate]) {
    hold(!result.reason.isEmpty, "a result has a reason")
    hold((result.outcome == .pass) == (result.code == nil), "a result that is no pass has a code")
    if result.outcome == .pass {
        let isThere = rows.contains { row in
            let serial = try? Certificate(der: row.der).serialNumber
            return row.privateKey == .present && Corp.leaves.contains(serial ?? "")
        }
        hold(isThere, "a check passes with a certificate that was issued and its key")
    }
    guard (try? Wire.encode(CheckSummary(result))) != nil, (try? Wire.encode(result.finding)) != nil else {
        fatalError("does not hold: a result can be written")
    }
}

extension NSSCertificate {
    /// Takes what NSSBridge would have read: a byte that says of the private key, the nickname after its length, the id.
    fileprivate init(details: [UInt8], der: [UInt8]) {
        var rest = details[...]
        let flags = rest.popFirst() ?? 0
        let nickname = rest.dropFirst().prefix(Int(rest.first ?? 0))
        self.init(
            token: flags & 4 == 0 ? "NSS Certificate DB" : "token",
            isInDatabase: flags & 4 == 0,
            nickname: nickname.isEmpty ? nil : String(decoding: nickname, as: UTF8.self),
            der: der,
            trust: Trust(ssl: .init(rawValue: flags), email: [], codeSigning: []),
            privateKey: flags & 3 == 0 ? .absent : flags & 3 == 1 ? .present : .unreadable(reason: "locked"),
            id: Array(rest.dropFirst(1 + nickname.count)),
            supportsPSS: flags & 8 == 0
        )
    }
}
