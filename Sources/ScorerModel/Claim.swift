package import PostureModel

/// What Cloudflare may know a device by.
package struct Identifier: Sendable, Hashable {
    /// The kinds of identifier.
    package enum Kind: String, Sendable, Codable, CaseIterable {
        case warp, serial, hostname
    }

    /// The kind.
    package let kind: Kind
    /// The value, trimmed and in lower case; of a host name its first label.
    package let value: String

    /// Creates an identifier; nil for a blank one, and for a serial number or a host name that is junk.
    package init?(_ kind: Kind, _ value: String) {
        let trimmed = value.trimmed()
        guard !trimmed.isEmpty, trimmed.utf8.count <= 256, trimmed.printable() == trimmed else { return nil }
        guard let form = Self.form(of: trimmed, kind) else { return nil }
        self.value = form
        self.kind = kind
    }

    /// Host names that tell nobody apart.
    private static let anybodys: Set<Substring> = ["localhost", "localhost4", "localhost6", "none"]

    private static func form(of text: String, _ kind: Kind) -> String? {
        let lower = text.lowercased()
        switch kind {
        case .warp: return lower
        case .serial: return SerialNumber(text).junkReason == nil ? lower : nil
        case .hostname:
            let short = lower.split(separator: ".").first.map(String.init)
            return short.flatMap { anybodys.contains($0[...]) ? nil : $0 }
        }
    }
}

/// How well an identifier is bound to a device that claims it, from not at all.
///
/// An identifier belongs to the device with the best rank, and of several to the one that had it first: see docs/matching.md.
package enum Rank: Int, Sendable, Comparable, Codable, CaseIterable {
    /// The inventory expects a certificate for this serial number which the device has not proven.
    case refused = 0
    /// The device says so.
    case claimed
    /// The device says so, and has proven a certificate.
    case provenDevice
    /// A certificate that the device has proven carries it.
    case certificate
    /// The inventory says that the certificate which the device has proven belongs to it.
    case inventory
    /// An operator has said so.
    case resolved

    /// Whether one is the weaker.
    package static func < (left: Rank, right: Rank) -> Bool { left.rawValue < right.rawValue }
}

/// An identifier that a device claims.
package struct Claim: Sendable, Equatable {
    /// How many claimants of one identifier are shown.
    package static let shownLimit = 4
    /// How many claimants of one identifier are remembered: whoever makes up devices cannot make up work.
    package static let limit = 16
    /// How many WARP ids of a report are taken.
    package static let warpLimit = 8

    /// What is claimed.
    package let identifier: Identifier
    /// How well this is founded.
    package let rank: Rank

    /// What a report claims: a good serial number, WARP ids and a host name.
    ///
    /// Each is as well founded as the report's proven certificates and the inventory make it; `expected` is the certificate
    /// name that the inventory has for the serial number.
    package static func claims(of verified: VerifiedReport, expecting expected: String?) -> [Claim] {
        let report = verified.report
        let proven = verified.checks.filter { $0.level == .proven }
        func rank(_ identifier: Identifier, _ variable: String) -> Rank {
            if identifier.kind == .serial, let expected {
                let isProven = proven.contains { $0.commonName?.lowercased() == expected.lowercased() }
                return isProven ? .inventory : .refused
            }
            let isCarried = proven.contains { verdict in
                verdict.bound[variable].flatMap { Identifier(identifier.kind, $0) } == identifier
            }
            return isCarried ? .certificate : proven.isEmpty ? .claimed : .provenDevice
        }
        let named: [(Identifier?, String)] =
            [(serial(of: report), "serial_number"), (hostname(of: report), "hostname")]
            + report.warpIDs.prefix(warpLimit).map { (Identifier(.warp, $0), "device_uuid") }
        return named.compactMap { identifier, variable in
            identifier.map { Claim(identifier: $0, rank: rank($0, variable)) }
        }
    }

    /// The good serial number of a report.
    package static func serial(of report: Report) -> Identifier? {
        report.facts.serials.best.flatMap { Identifier(.serial, $0.value) }
    }

    /// The host name of a report.
    package static func hostname(of report: Report) -> Identifier? {
        (report.facts.kernelHostname.value ?? report.facts.staticHostname.value).flatMap { Identifier(.hostname, $0) }
    }
}

/// What a device claims, and whether it is bound to it.
package struct HeldClaim: Sendable, Equatable {
    /// What is claimed.
    package let identifier: Identifier
    /// How well that is founded.
    package let rank: Rank
    /// Whether the device has the best claim to it.
    package let isBound: Bool

    /// Creates one.
    package init(identifier: Identifier, rank: Rank, isBound: Bool) {
        self.identifier = identifier
        self.rank = rank
        self.isBound = isBound
    }
}

extension Rank: CustomStringConvertible {
    /// The rank in words, after "is".
    package var description: String {
        switch self {
        case .refused: "refused: the inventory expects another certificate"
        case .claimed: "claimed"
        case .provenDevice: "claimed by a device that has proven a certificate"
        case .certificate: "carried by the proven certificate"
        case .inventory: "confirmed by the inventory"
        case .resolved: "confirmed by an operator"
        }
    }
}

/// What a report changed for others: what operators are told of.
package struct BindingChange: Sendable, Equatable {
    /// What it claims and another device has the better claim to, which it had not claimed before.
    package var refused: [Identifier] = []
    /// What was another device's until now.
    package var taken: [Identifier] = []
    /// Whether it looks like two machines with one key since now.
    package var isClone = false

    /// Creates a change of nothing.
    package init() {}
}

/// What became of the claims that an operator takes for rightful.
package enum ResolveOutcome: Sendable, Equatable {
    /// These are bound to the device now.
    case resolved([Identifier])
    /// Nothing changed: other devices have claims that are carried by certificates, or better.
    case belongsTo(Set<DeviceID>)
    case unknown
}

/// An identifier that several devices claim.
package struct Contest: Sendable, Equatable {
    /// What is claimed.
    package let identifier: Identifier
    /// Who claims it, the one that it is bound to first.
    package let claimants: [Claimant]

    /// Creates one.
    package init(identifier: Identifier, claimants: [Claimant]) {
        self.identifier = identifier
        self.claimants = claimants
    }

    /// One of them.
    package struct Claimant: Sendable, Equatable, Codable {
        /// The device.
        package let device: DeviceID
        /// How well its claim is founded.
        package let rank: Rank
        /// Since when it is that well founded.
        package let since: Timestamp

        /// Creates one.
        package init(device: DeviceID, rank: Rank, since: Timestamp) {
            self.device = device
            self.rank = rank
            self.since = since
        }
    }
}
