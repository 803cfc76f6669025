internal import OpenSSLBridge
internal import PostureModel
internal import ScorerModel
internal import Scoring

/// A revocation list with its serial numbers.
struct RevocationEntry: Sendable {
    /// The list.
    let list: RevocationList
    /// The serial numbers on it.
    let serialNumbers: Set<String>
    /// Whether the list has the form that RFC 5280 demands.
    let isConforming: Bool
    /// The part of its issuer's certificates that the list speaks of; nil for all of them.
    let part: String?

    init(_ list: RevocationList) {
        self.list = list
        serialNumbers = list.revokedSerialNumbers
        isConforming = list.isConforming
        part = list.isComplete ? nil : Self.part(list.scope)
    }

    private static func part(_ scope: ListScope?) -> String {
        let text = "\(String(describing: scope))"
        return String(Base64URL.encode(Digest.sha256(Array(text.utf8))).prefix(16))
    }

    /// Whether the list counts at a moment: one that is dated in the future does not yet, nor does one without a date.
    func hasBegun(at now: Timestamp) -> Bool {
        list.thisUpdate.map { $0.seconds <= now.seconds + KnownRevocations.clockTolerance } ?? false
    }

    /// Whether the list is newer than another one.
    func isNewer(than other: RevocationEntry?) -> Bool {
        guard let thisUpdate = list.thisUpdate else { return false }
        return other?.list.thisUpdate.map { $0 < thisUpdate } ?? true
    }
}

extension [RevocationEntry] {
    /// Whether these are the same lists in the same order.
    func areSame(as others: [RevocationEntry]) -> Bool { elementsEqual(others) { $0.list === $1.list } }
}

extension [Certificate] {
    /// Whether these are the same certificates in the same order.
    func areSame(as others: [Certificate]) -> Bool { elementsEqual(others) { $0 === $1 } }
}

/// The place of a list among those of its issuer: a newer list replaces an older one in the same place.
///
/// A list of some certificates replaces none of all, and one that RFC 5280 does not allow replaces none that it allows, since
/// only checks with soft failure take it.
struct ListPlace: Sendable, Hashable {
    /// The SHA-256 of the issuer's key, as ``ChainLink/issuerKey`` has it.
    let issuerKey: String
    /// Whether the list has the form that RFC 5280 demands.
    let isConforming: Bool
    /// The part of the issuer's certificates that the list speaks of; nil for all of them.
    let part: String?

    init(_ entry: RevocationEntry, issuerKey: String) {
        (self.issuerKey, isConforming, part) = (issuerKey, entry.isConforming, entry.part)
    }

    /// The name in the store: the issuer's key alone for a list that conforms and is complete.
    var name: String {
        issuerKey + (isConforming ? "" : ".nonconforming") + (part.map { ".\($0)" } ?? "")
    }

    /// The issuer's key of a name in the store.
    static func issuerKey(of name: String) -> String { String(name.prefix { $0 != "." }) }
}
