import PostureModel

/// What holds for every string that comes from the host: no report grows because a file did.
enum Bounds {
    /// Unicode scalars in a string: the longest that the kernel or firmware gives in earnest are 64 and 255.
    static let scalars = 256
    /// Entries in a list: more interfaces than any machine has slots for.
    static let entries = 256
    /// Hardware addresses: more ports than a machine has that people work at.
    static let addresses = 64
}

extension String {
    /// The first scalars of the text.
    ///
    /// A `Character` would be no bound: it can have any number of them.
    func firstScalars() -> String {
        String(unicodeScalars.prefix(Bounds.scalars))
    }

    /// The first scalars, as many as take 256 bytes in JSON: a control character takes six, another script's up to four.
    func boundedInJSON() -> String {
        var bytes = 0
        return String(
            String.UnicodeScalarView(
                unicodeScalars.prefix { scalar in
                    let isEscaped = scalar == "\"" || scalar == "\\"
                    bytes += scalar.value < 0x20 ? 6 : isEscaped ? 2 : scalar.utf8.count
                    return bytes <= Bounds.scalars
                }
            )
        )
    }
}

extension Observation {
    /// What an error says of the thing that was looked for: not there is `absent`, where a reason is given.
    init(_ error: HostReadError, absent: String? = nil) {
        if let absent, error.isAbsence {
            self = .notApplicable(reason: absent)
        } else {
            self = .unreadable(reason: "\(error)")
        }
    }
}
