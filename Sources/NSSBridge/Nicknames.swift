internal import PostureModel

extension Sequence<NSSCertificate> {
    /// The certificates that `certutil -L -n` finds under `name`: those of that nickname or, where it is nobody's
    /// nickname, those with that e-mail address, and all others of the same subjects.
    ///
    /// A nickname is compared byte for byte. A token's name and a colon may stand before it, and have to for a token
    /// beside the database and for a nickname with a colon in it. It is never compared with a common name. An e-mail
    /// address is compared without regard to the case of ASCII letters, with all addresses of a certificate; certutil
    /// knows only the first one. Whoever imported a certificate chose its nickname: what is found is no proof of
    /// anything.
    ///
    /// - Parameters:
    ///   - name: The nickname, `TOKEN:NICKNAME`, or e-mail address.
    ///   - details: A certificate's subject, and its e-mail addresses (of its subject and its alternative names); nil
    ///     where it cannot be parsed, which is then found by its nickname only.
    /// - Returns: What was found, in the order of the sequence.
    package func named(
        _ name: String,
        details: (NSSCertificate) -> (subject: [UInt8], emails: [String])?
    ) -> [NSSCertificate] {
        guard !name.isEmpty else { return [] }
        let all = map { (certificate: $0, details: details($0)) }
        var found = all.filter { $0.certificate.isNicknamed(name) }
        if found.isEmpty {
            let address = name.asciiLowercased
            found = all.filter { $0.details?.emails.contains { $0.asciiLowercased == address } ?? false }
        }
        let subjects = Set(found.compactMap(\.details?.subject))
        return all.filter { entry in
            entry.details.map { subjects.contains($0.subject) } ?? entry.certificate.isNicknamed(name)
        }.map(\.certificate)
    }
}

extension NSSCertificate {
    /// Whether this is its nickname.
    ///
    /// Strings of Swift are equal where Unicode says so, those of NSS are bytes.
    fileprivate func isNicknamed(_ name: String) -> Bool {
        guard let nickname else { return false }
        // What stands before a colon is a token for NSS.
        let isBare = isInDatabase && !nickname.utf8.contains(UInt8(ascii: ":"))
        // The database has other names in FIPS mode.
        let tokens = [token] + (isInDatabase ? TokenPasswords.databaseNames : [])
        return isBare && name.utf8.elementsEqual(nickname.utf8)
            || tokens.contains { name.utf8.elementsEqual("\($0):\(nickname)".utf8) }
    }
}
