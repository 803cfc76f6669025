extension Report {
    /// The first member that is beyond its bound; nil if the report may be sent and taken.
    package var excess: MemberExcess? { inspected(mends: false).inspector.excess }

    /// The report with every member within its bound: what is beyond is unreadable, or cut.
    package var bounded: Report { inspected(mends: true).report }

    package func inspected(mends: Bool) -> (report: Report, inspector: MemberInspector) {
        var (report, inspector) = (self, MemberInspector(mends: mends))
        report.inspect(&inspector)
        return (report, inspector)
    }

    /// Every member and its bound: the table of docs/wire-format.md.
    private mutating func inspect(_ look: inout MemberInspector) {
        look.closed("schema", "2")
        look.addressed(to: audience)
        look.text("agent", &agent, limit: 128)
        look.closed("collected_at", "a time of the years 1 to 9999")
        facts.inspect(&look)
        look.observation("warp_ids", &warpIDs) { warp, look in
            look.value("warp_ids.ids", warp.ids.count, .entries(WARPIDs.limit))
            for id in warp.ids { look.value("warp_ids.ids", id, .warpID) }
            look.closed("warp_ids.read_at", "a time of the years 1 to 9999")
        }
        look.list("checks", &checks, limit: JWS.Limit.signatures - 1) { $0.inspect(&$1) }
        look.receipt(receipt)
    }
}

extension CheckFinding {
    private var excess: MemberExcess? {
        var (finding, look) = (self, MemberInspector(mends: false))
        finding.inspect(&look)
        return look.excess
    }

    fileprivate mutating func inspect(_ look: inout MemberInspector) {
        look.value("checks.id", id, .checkID)
        switch certificate {
        case .notFound(var reason):
            look.reason("checks.certificate", &reason)
            certificate = .notFound(reason: reason)
        case .unreadable(var reason):
            look.reason("checks.certificate", &reason)
            certificate = .unreadable(reason: reason)
        case .found(var found):
            look.value("checks.certificate.sha256", found.fingerprint, .digest)
            look.value("checks.certificate.x5c", found.chain.count, .entries(JWS.Limit.certificates))
            for der in found.chain { look.value("checks.certificate.x5c", der.count, .bytes(16 * 1024)) }
            look.closed("checks.certificate.private_key", "`present`, `absent` or `unreadable`")
            look.closed("checks.certificate.private_key_shared", "`true` or `false`")
            if case .unreadable(var reason) = found.privateKey {
                look.closed("checks.certificate.private_key_unreadable", "a reason")
                look.reason("checks.certificate.private_key_unreadable", &reason)
                found.privateKey = .unreadable(reason: reason)
            }
            certificate = .found(found)
            if look.mends, let excess { certificate = .unreadable(reason: "it cannot be reported: \(excess)") }
        }
    }
}

extension MemberInspector {
    /// Looks at what every message has: its device and its audience.
    fileprivate mutating func addressed(to audience: String) {
        closed("device", "a SHA-256 in base64url")
        value("audience", audience, .text(2048))
    }

    /// Looks at the receipt that a message shows.
    fileprivate mutating func receipt(_ receipt: String?) {
        value("receipt", receipt ?? "", .text(ReportAnswer.receiptLimit))
    }
}

extension Registration {
    /// The first member that is beyond its bound; nil if the registration may be sent and taken.
    package var excess: MemberExcess? { inspector.excess }

    package var inspector: MemberInspector {
        var look = MemberInspector(mends: false)
        look.addressed(to: audience)
        look.value("token", token ?? "", .text(256))
        return look
    }
}

extension Retirement {
    /// The first member that is beyond its bound; nil if the message may be sent and taken.
    package var excess: MemberExcess? { inspector.excess }

    package var inspector: MemberInspector {
        var look = MemberInspector(mends: false)
        look.addressed(to: audience)
        look.receipt(receipt)
        return look
    }
}

extension KeyReplacement {
    /// The first member that is beyond its bound; nil if the message may be sent and taken.
    package var excess: MemberExcess? { inspector.excess }

    package var inspector: MemberInspector {
        var look = MemberInspector(mends: false)
        look.addressed(to: audience)
        look.closed("key", "a P-256 key")
        look.receipt(receipt)
        return look
    }
}

extension ProtectedHeader {
    /// The first member that is beyond its bound; nil if there is none.
    package var excess: MemberExcess? { inspector.excess }

    package var inspector: MemberInspector {
        var look = MemberInspector(mends: false)
        look.closed("alg", "a word of the table above")
        look.closed("typ", "a word of the table below")
        look.value("url", url, .text(8192))
        look.value("nonce", nonce, .text(256))
        look.value("role", role, .checkID)
        look.value("kid", kid ?? "", .text(256))
        look.closed("jwk", "a P-256 key")
        look.value("x5t#S256", x5t ?? "", .text(256))
        return look
    }
}
