internal import Glibc
internal import PostureModel

/// Colours for the words that say how something is: on a terminal only, and not where `NO_COLOR` asks for none
/// (no-color.org).
enum Paint {
    /// Whether standard output shows them.
    private static let isOn: Bool = {
        let isPlain = unsafe getenv("NO_COLOR").map { unsafe $0.pointee != 0 } ?? false
        let isDumb = unsafe getenv("TERM").map { unsafe String(cString: $0) == "dumb" } ?? true
        return isatty(STDOUT_FILENO) == 1 && !isPlain && !isDumb
    }()

    private enum Colour: Int {
        case red = 31
        case green = 32
        case yellow = 33
        case grey = 90
    }

    private static let colours: [String: Colour] = [
        "ok": .green, "pass": .green, "valid": .green,
        "failed": .red, "fail": .red, "not valid": .red, "cannot report": .red, "not in use": .red,
        "warning": .yellow, "unable": .yellow, "to be reported": .yellow, "not watched": .yellow,
        "skipped": .grey,
    ]

    /// The word, in its colour if it has one, with spaces after it up to a width.
    static func word(_ word: String, width: Int = 0) -> String {
        paint(word, colours[word]) + String(repeating: " ", count: max(0, width - word.count))
    }

    /// What a rule gave, in green where that is all, in yellow where it is a part or costs nothing, else in red.
    static func mark(of rule: RuleResult, _ text: String) -> String {
        let isAll = rule.available > 0 ? rule.points >= rule.available : rule.outcome.counts
        return paint(text, isAll ? .green : rule.points > 0 || rule.isWarning ? .yellow : .red)
    }

    private static func paint(_ text: String, _ colour: Colour?) -> String {
        guard isOn, let colour else { return text }
        return "\u{1b}[\(colour.rawValue)m\(text)\u{1b}[0m"
    }
}
