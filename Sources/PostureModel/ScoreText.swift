extension Score {
    /// The score for people, a line for each thing that made it: what the agent and the scorer both show.
    ///
    /// `paint` may colour the mark of a rule, which keeps its width.
    public func lines(paint: (RuleResult, String) -> String = { $1 }) -> [String] {
        var lines: [String] = []
        if let cap { lines.append("  \(cap.printable())") }
        if let group { lines.append("  by the rules of the group '\(group.printable(limit: 64))'") }
        return lines
            + rules.map { rule in
                let mark = rule.mark
                let space = String(repeating: " ", count: max(0, 7 - mark.count))
                let name = rule.rule.printable(limit: 64)
                let pad = String(repeating: " ", count: max(0, 23 - name.count))
                return "  \(paint(rule, mark))\(space) \(name)\(pad) \(rule.sentence)"
            }
    }
}

extension RuleResult {
    /// What the rule gave in a word: `40/40`, `ok`, `max 40` for a closed gate without points, `warn`.
    public var mark: String {
        if available > 0 { return "\(points)/\(available)" }
        if outcome.counts { return "ok" }
        return gate.map { "max \($0)" } ?? "warn"
    }

    /// Why, and what to do.
    public var sentence: String {
        let reason = reason.printable()
        return advice.map { "\(reason) -> \($0.printable())" } ?? reason
    }
}
