internal import PostureModel

/// A table of rules, each a number of points or a table of its own.
///
/// It is complete: a rule that it does not name is not evaluated.
struct RuleTable: Decodable {
    let rules: [Rule.Name: Rule]

    init(from decoder: any Decoder) throws {
        let table = try decoder.container(keyedBy: Rule.Name.self)
        var rules: [Rule.Name: Rule] = [:]
        for name in table.allKeys {
            if let points = try? table.decode(Int.self, forKey: name) {
                rules[name] = Rule(points: points)
            } else if let keys = try? table.nestedContainer(keyedBy: Rule.Key.self, forKey: name) {
                rules[name] = try Rule(name, from: keys)
            } else {
                throw DecodingError.dataCorruptedError(
                    forKey: name,
                    in: table,
                    debugDescription: "is a number of points, or a table such as { points = 10, gate = 40 }"
                )
            }
        }
        self.rules = rules
    }
}

extension Rule {
    /// Reads whether a rule passes that does not apply to a machine.
    private static func passes(_ table: KeyedDecodingContainer<Key>) throws -> Bool {
        switch try table.decodeIfPresent(String.self, forKey: .notApplicable) {
        case "pass": return true
        case "fail", nil: return false
        default:
            throw DecodingError.dataCorruptedError(
                forKey: .notApplicable,
                in: table,
                debugDescription: "is \"pass\" or \"fail\""
            )
        }
    }

    /// Reads the table of the rule with this name; a parameter of another rule is an unknown key.
    init(_ name: Name, from table: KeyedDecodingContainer<Key>) throws {
        self.init(
            points: try table.decodeIfPresent(Int.self, forKey: .points) ?? 0,
            gate: try table.decodeIfPresent(Int.self, forKey: .gate),
            grace: try table.decodeIfPresent(TimeSpan.self, forKey: .grace)?.seconds ?? 0,
            isWarning: try table.decodeIfPresent(Bool.self, forKey: .warn) ?? false,
            passesWhereNotApplicable: try Self.passes(table),
            parameters: try Parameters(of: name, from: table)
        )
    }
}
