package import OpenSSLBridge
internal import PostureModel

/// The names that a check asks for, as they are configured: with variables.
package struct NamePatterns: Sendable, Equatable {
    /// The common name that the subject must have; nil for any.
    package var commonName: NamePattern?
    /// Subject alternative names, one of which the certificate must have; none: any certificate will do.
    package var alternativeNames: [NamePattern]

    /// Any certificate.
    package static let any = NamePatterns()

    /// Creates patterns.
    package init(commonName: NamePattern? = nil, alternativeNames: [NamePattern] = []) {
        self.commonName = commonName
        self.alternativeNames = alternativeNames
    }

    /// Whether a name has a variable, so that the machine has to be looked at first.
    package var haveVariables: Bool {
        (alternativeNames + [commonName].compactMap(\.self)).contains(where: \.hasVariables)
    }

    /// The names with the values of one machine in the place of the variables.
    ///
    /// - Throws: a problem where a value is not known: then nobody can say which name to look for.
    package func resolved(with values: VariableValues) throws(CertificateProblem) -> NameDemand {
        var names: [ResolvedName] = []
        for pattern in alternativeNames { names += try pattern.resolved(with: values) }
        return NameDemand(commonNames: try commonName?.resolved(with: values), alternativeNames: names)
    }
}

/// A name with variables, such as `${serial_number}.corp.example`.
package struct NamePattern: Sendable, Hashable, CustomStringConvertible {
    /// What may stand in a pattern; the names are Cloudflare's.
    package enum Variable: String, Sendable, CaseIterable, Codable {
        case serialNumber = "serial_number"
        case hostname
        /// The WARP client's device id.
        case deviceUUID = "device_uuid"
    }

    private enum Part: Hashable {
        case text(String)
        case variable(Variable)
    }

    /// The pattern as it was written.
    package let description: String
    private let parts: [Part]

    /// Why a text is no pattern: a sentence without a subject.
    package struct Malformed: Error, CustomStringConvertible {
        /// What is wrong.
        package let description: String
    }

    /// Reads a pattern of 1 to 256 bytes.
    package init(_ text: String) throws(Malformed) {
        guard (1...256).contains(text.utf8.count) else {
            throw Malformed(description: "is empty or longer than 256 bytes")
        }
        description = text
        var parts: [Part] = []
        var rest = text[...]
        while let start = rest.range(of: "${") {
            guard let end = rest[start.upperBound...].firstIndex(of: "}") else {
                throw Malformed(description: "has a '${' without a '}'")
            }
            let name = String(rest[start.upperBound..<end])
            guard let variable = Variable(rawValue: name) else {
                let known = Variable.allCases.map { "${\($0.rawValue)}" }.joined(separator: ", ")
                throw Malformed(description: "has the variable '${\(name)}'; there are \(known)")
            }
            parts += [.text(String(rest[..<start.lowerBound])), .variable(variable)]
            rest = rest[rest.index(after: end)...]
        }
        self.parts = parts + [.text(String(rest))]
    }

    /// Whether a part of the pattern stands for something else.
    var hasVariables: Bool {
        parts.contains { if case .variable = $0 { true } else { false } }
    }

    /// Every name that the pattern stands for on a machine: one for each value of each variable.
    func resolved(with values: VariableValues) throws(CertificateProblem) -> [ResolvedName] {
        var names = [ResolvedName(text: "", bound: [:])]
        for part in parts {
            switch part {
            case .text(let text): names = names.map { ResolvedName(text: $0.text + text, bound: $0.bound) }
            case .variable(let variable):
                let known = try values.known(variable, for: self)
                names = names.flatMap { name in
                    known.compactMap { value in
                        // The same variable has the same value wherever it stands.
                        guard name.bound[variable] ?? value == value else { return nil }
                        return ResolvedName(
                            text: name.text + value,
                            bound: name.bound.merging([variable: value]) { $1 }
                        )
                    }
                }
            }
        }
        return names
    }
}

extension Substring {
    fileprivate func range(of text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}

/// A name without variables, and the values that were put into it.
package struct ResolvedName: Sendable, Equatable {
    let text: String
    let bound: [NamePattern.Variable: String]

    /// Whether a name is this one: whole, and without regard to the case of ASCII letters.
    func matches(_ name: String) -> Bool { name.asciiLowercased == text.asciiLowercased }
}

/// The names that a certificate must have on one machine.
package struct NameDemand: Sendable, Equatable {
    /// One of these must be a common name of the subject; nil for any.
    package let commonNames: [ResolvedName]?
    /// One of these must be a subject alternative name, of whichever kind but `otherName`; empty for any.
    package let alternativeNames: [ResolvedName]

    /// Any certificate.
    package static let any = NameDemand(commonNames: nil, alternativeNames: [])

    /// What is asked for, to stand behind "a certificate"; empty where any will do.
    package var words: String {
        func list(_ names: [ResolvedName]) -> String { names.map { "'\($0.text)'" }.joined(separator: " or ") }
        var words = commonNames.map { " with the common name \(list($0))" } ?? ""
        if !alternativeNames.isEmpty {
            words += "\(words.isEmpty ? " with" : " and") the alternative name \(list(alternativeNames))"
        }
        return words
    }

    /// What is wrong with the names of a certificate; nil if nothing is.
    package func problem(of certificate: Certificate) -> CertificateProblem? {
        if let commonNames, matches(commonNames, certificate.commonNames).isEmpty {
            return .wrongName(of: certificate, expected: commonNames.map(\.text))
        }
        if !alternativeNames.isEmpty, matches(alternativeNames, certificate.comparableNames).isEmpty {
            return .wrongAlternativeName(of: certificate, expected: alternativeNames.map(\.text))
        }
        return nil
    }

    /// The machine's identifiers that stand in the names of a certificate which has the names asked for.
    ///
    /// Only where nothing else explains the name: a name of two variables can be cut in more than one place, and a name that
    /// two patterns stand for may be either's.
    func bound(by certificate: Certificate) -> [NamePattern.Variable: String] {
        let named =
            certificate.commonNames.map { name in (commonNames ?? []).filter { $0.matches(name) } }
            + certificate.comparableNames.map { name in alternativeNames.filter { $0.matches(name) } }
        var bound: [NamePattern.Variable: String] = [:]
        for explanations in named where explanations.count == 1 && explanations[0].bound.count == 1 {
            bound.merge(explanations[0].bound) { first, _ in first }
        }
        return bound
    }

    private func matches(_ asked: [ResolvedName], _ names: [String]) -> [ResolvedName] {
        asked.filter { name in names.contains(where: name.matches) }
    }
}

extension Certificate {
    /// The subject alternative names that can be asked for, as people write them.
    var comparableNames: [String] {
        (alternativeNames ?? []).compactMap { $0 == .other ? nil : $0.text }
    }
}
