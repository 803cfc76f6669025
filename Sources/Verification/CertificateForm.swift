internal import OpenSSLBridge
internal import PostureModel

/// The forms that RFC 5280 demands and OpenSSL reads over, even when strict.
extension Certificate {
    /// What is malformed in the certificate; nil if nothing is.
    ///
    /// A trusted certificate is trusted as it is: only what makes it ambiguous counts.
    func malformation(isTrusted: Bool) -> String? {
        if let why = versionProblem { return why }
        guard isWellFormed else { return "one of its extensions cannot be read" }
        let oids = extensions.map(\.oid)
        if Set(oids).count != oids.count { return "it has an extension twice (RFC 5280 §4.2)" }
        if isTrusted { return nil }
        let serial = serialNumberOctets
        if serial.allSatisfy({ $0 == 0 }) { return "its serial number is 0 (RFC 5280 §4.1.2.2)" }
        if serial.count > 20 { return "its serial number is longer than 20 octets (RFC 5280 §4.1.2.2)" }
        if hasUnknownPolicyQualifier {
            return "its certificate policies are critical and have an unknown qualifier (RFC 5280 §4.2.1.4)"
        }
        if let usages = extendedKeyUsages, usages.isEmpty { return "its extended key usage is empty or unreadable" }
        if let names = alternativeNames {
            if names.isEmpty { return "its subject alternative names are empty or unreadable" }
            if let name = names.first(where: { !$0.isName }) {
                return "the subject alternative name '\(name.text.prefix(64))' is malformed (RFC 5280 §4.2.1.6)"
            }
        }
        return nil
    }

    /// What does not go with the version; nil if nothing does not.
    private var versionProblem: String? {
        guard let version else { return "its version is none of 1, 2 and 3 (RFC 5280 §4.1.2.1)" }
        if version < 3, hasExtensions { return "it has extensions, which need version 3 (RFC 5280 §4.1.2.9)" }
        if version < 2, hasUniqueIdentifiers {
            return "it has unique identifiers, which need version 2 or 3 (RFC 5280 §4.1.2.8)"
        }
        return nil
    }
}

extension NameConstraints {
    /// What is malformed in the constraints; nil if nothing is.
    var malformation: String? {
        let bases = (permitted ?? []) + (excluded ?? [])
        if bases.isEmpty || permitted?.isEmpty == true || excluded?.isEmpty == true {
            return "its name constraints have an empty list (RFC 5280 §4.2.1.10)"
        }
        if !isWhole { return "its name constraints have a minimum or a maximum (RFC 5280 §4.2.1.10)" }
        if let base = bases.first(where: { !$0.isConstraint }) {
            return "the name constraint '\(base.text.prefix(64))' is malformed (RFC 5280 §4.2.1.10)"
        }
        return nil
    }
}

extension NameConstraints {
    /// How often a name of this certificate is compared with a base, at most.
    func comparisons(with certificate: Certificate) -> Int {
        let names = 1 + (certificate.alternativeNames?.count ?? 0) + certificate.subjectEmails.count
        return names * ((permitted?.count ?? 0) + (excluded?.count ?? 0))
    }

    /// Whether a wildcard among these names stands for a host that is excluded, which OpenSSL does not see.
    func excludesSome(of names: [GeneralName]) -> Bool {
        let wildcards = names.compactMap { name -> [UInt8]? in
            guard case .dns(let octets) = name, octets.starts(with: Array("*.".utf8)) else { return nil }
            return String(decoding: octets.dropFirst(), as: UTF8.self).asciiLowercased
        }
        guard !wildcards.isEmpty else { return false }
        // Each excluded host under every domain that it is in.
        var domains: Set<ArraySlice<UInt8>> = []
        for case .dns(let base) in excluded ?? [] {
            let host = String(decoding: base.prefix(255), as: UTF8.self).asciiLowercased
            for index in host.indices where host[index] == UInt8(ascii: ".") { domains.insert(host[index...]) }
        }
        return wildcards.contains { domains.contains($0[...]) }
    }
}

extension GeneralName {
    /// The name as people write it.
    var text: String {
        switch self {
        case .dns(let octets), .email(let octets), .uri(let octets): String(decoding: octets, as: UTF8.self)
        case .ip(let octets): ipText(octets) ?? octets.map { String($0, radix: 16) }.joined(separator: ":")
        case .other: ""
        }
    }

    /// Whether this is a name of its kind in a subject alternative name.
    var isName: Bool {
        switch self {
        case .dns(let octets): isHostName(octets[...], allowsWildcard: true) && !isDottedQuad(octets)
        case .email(let octets): isMailbox(octets)
        case .uri(let octets): !octets.isEmpty && octets.allSatisfy { (0x21...0x7e).contains($0) }
        case .ip(let octets): octets.count == 4 || octets.count == 16
        case .other: true
        }
    }

    /// Whether this is a base of its kind in a name constraint.
    var isConstraint: Bool {
        switch self {
        // An empty base stands for every name; a period in front is for URIs and mailboxes only.
        case .dns(let octets): octets.isEmpty || isHostName(octets[...], allowsWildcard: false)
        case .email(let octets):
            octets.contains(UInt8(ascii: "@")) ? isMailbox(octets) : isDomainConstraint(octets)
        case .uri(let octets): isDomainConstraint(octets)
        case .ip(let octets): (octets.count == 8 || octets.count == 32) && isMask(octets[(octets.count / 2)...])
        case .other: true
        }
    }
}

/// RFC 1034 §3.5 with RFC 1123 §2.1, and the underscores that are out there.
private func isHostName(_ octets: ArraySlice<UInt8>, allowsWildcard: Bool) -> Bool {
    guard (1...253).contains(octets.count) else { return false }
    var labels = octets.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    if allowsWildcard, labels.count > 1, labels[0].elementsEqual([UInt8(ascii: "*")]) { labels.removeFirst() }
    return labels.allSatisfy { label in
        (1...63).contains(label.count) && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
            && label.allSatisfy(isHostCharacter)
    }
}

/// An IPv4 address, which has a kind of name of its own.
private func isDottedQuad(_ octets: [UInt8]) -> Bool {
    octets.split(separator: UInt8(ascii: ".")).count == 4
        && octets.allSatisfy { $0 == UInt8(ascii: ".") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
}

private func isHostCharacter(_ octet: UInt8) -> Bool {
    switch octet {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
        true
    default: false
    }
}

/// `local@host`, as far as RFC 5280 §4.2.1.6 has it: no name before it, no comment after it.
private func isMailbox(_ octets: [UInt8]) -> Bool {
    guard let at = octets.lastIndex(of: UInt8(ascii: "@")), at > 0, octets.count <= 320 else { return false }
    return octets[..<at].allSatisfy { (0x21...0x7e).contains($0) && !"<>@".utf8.contains($0) }
        && isHostName(octets[(at + 1)...], allowsWildcard: false)
}

/// A host, or with a period in front all hosts below one.
private func isDomainConstraint(_ octets: [UInt8]) -> Bool {
    octets.isEmpty
        || isHostName(octets.first == UInt8(ascii: ".") ? octets.dropFirst() : octets[...], allowsWildcard: false)
}

/// Ones, and then zeros (RFC 4632).
private func isMask(_ octets: ArraySlice<UInt8>) -> Bool {
    let bits = octets.flatMap { octet -> [Bool] in (0..<8).map { octet & (0x80 >> $0) != 0 } }
    return !zip(bits, bits.dropFirst()).contains { !$0 && $1 }
}
