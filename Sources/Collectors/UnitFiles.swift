import Glibc
import PostureModel

extension HostRoot {
    /// Throws `EBADMSG` where an administrator's file or drop-in may keep a unit from doing what its package meant.
    ///
    /// Such are conditions, a timer that is told to start something else or that has no time left, a command of an update's
    /// service that is another, and lines that systemd passes over. Whether the condition holds is not guessed at.
    ///
    /// - Source: `UNIT`, and `*.conf` of `UNIT.d` and of the directories for several units, in `/etc/systemd/system` and
    ///   `/run/systemd/system`
    /// - SeeAlso: <https://www.freedesktop.org/software/systemd/man/latest/systemd.unit.html>
    borrowing func checkChanges(of unit: String, commandCounts: Bool) throws(HostReadError) {
        for directory in ["etc/systemd/system", "run/systemd/system"] where try contains(directory) {
            var files: [String] = []
            let own = "\(directory)/\(unit)"
            // A link is an alias, or leads to the package's own file.
            if try entries(of: directory).contains(unit), try target(of: own) == nil { files.append(own) }
            for changes in UnitFile.changes(of: unit).map({ "\(directory)/\($0)" }) where try contains(changes) {
                files += try entries(of: changes).filter { $0.hasSuffix(".conf") }.map { "\(changes)/\($0)" }
            }
            for file in files.prefix(Bounds.entries) {
                // A link to /dev/null takes a drop-in away, and one to nowhere is none.
                do throws(HostReadError) {
                    let text = try text(at: file)
                    guard
                        let lines = UnitFile(text), lines.isHarmless(commandCounts: commandCounts),
                        file != own || lines.isWhole(unit, commandCounts: commandCounts)
                    else { throw HostReadError(path: file, code: EBADMSG) }
                } catch {
                    if !error.isAbsence, error.code != ENXIO { throw error }
                }
            }
        }
    }
}

/// The lines of a unit's file, in their order.
struct UnitFile {
    private var lines: [(section: String, key: Substring, value: String)] = []

    /// The directories with changes of a unit: its own, those of the beginnings of its name, and that of its type.
    static func changes(of unit: String) -> [String] {
        guard let dot = unit.lastIndex(of: ".") else { return [] }
        let type = unit[dot...]
        let beginnings = unit[..<dot].indices.filter { unit[$0] == "-" }.map { "\(unit[...$0])\(type).d" }
        return ["\(unit).d"] + beginnings + ["\(type.dropFirst()).d"]
    }

    /// Nil for a file with a line that is none of: blank, a comment, `[Section]`, `Key=value`.
    ///
    /// A backslash at the end of a line joins it with the next one that is no comment; a comment is never continued
    /// (`config_parse` in systemd's conf-parser.c).
    init?(_ text: String) {
        var section = ""
        var statement = ""
        // With a line end more, so that what the last line continues ends, too.
        let text = text.replacing("\r\n", with: "\n") + "\n"
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let part = line.drop(while: \.isWhitespace)
            if part.hasPrefix("#") || part.hasPrefix(";") { continue }
            // By systemd's version that is the end of a line, or none.
            if part.last?.isWhitespace == true, String(part).trimmed().hasSuffix("\\") { return nil }
            statement += part
            if !statement.reversed().prefix(while: { $0 == "\\" }).count.isMultiple(of: 2) {
                statement = "\(statement.dropLast()) "
                continue
            }
            let line = statement.trimmed()
            statement = ""
            if line.isEmpty { continue }
            if line.hasPrefix("["), line.hasSuffix("]") {
                section = String(line.dropFirst().dropLast())
                continue
            }
            guard !section.isEmpty, let equals = line.firstIndex(of: "="), equals > line.startIndex else { return nil }
            let key = String(line[..<equals]).trimmed()[...]
            lines.append((section, key, String(line[line.index(after: equals)...]).trimmed()))
        }
    }

    /// Whether nothing in it decides whether the unit does what it is for; `commandCounts` where its commands do.
    func isHarmless(commandCounts: Bool) -> Bool {
        var hasTime: Bool?
        for line in lines {
            switch (line.section, line.key) {
            case ("Unit", let key) where key.hasPrefix("Condition") || key.hasPrefix("Assert"): return false
            case ("Timer", "Unit"): return false
            case ("Timer", let key) where Self.times.contains(key):
                // Nothing takes the times away that were set before, whichever key they have.
                if !line.value.isEmpty { hasTime = true } else { hasTime = false }
            case ("Service", let key) where key.hasPrefix("Exec") && commandCounts: return false
            default: break
            }
        }
        return hasTime != false
    }

    /// Whether a file that takes the place of the package's has what systemd refuses the unit without: a timer a time.
    ///
    /// A service has another command, or none.
    func isWhole(_ unit: String, commandCounts: Bool) -> Bool {
        if unit.hasSuffix(".timer") { return lines.contains { $0.section == "Timer" && Self.times.contains($0.key) } }
        return !commandCounts
    }

    private static let times: Set<Substring> = [
        "OnActiveSec", "OnBootSec", "OnStartupSec", "OnUnitActiveSec", "OnUnitInactiveSec", "OnCalendar",
    ]
}
