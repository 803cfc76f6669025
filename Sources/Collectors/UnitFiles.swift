import Glibc
import PostureModel

extension HostRoot {
    /// Throws `EBADMSG` where an administrator's file or drop-in may keep a unit from doing what its package meant.
    ///
    /// Such are conditions, a timer that is told to start something else or that has no time left, a command of an update's
    /// service that is another, and lines that systemd passes over. Whether the condition holds is not guessed at.
    ///
    /// - Source: `UNIT` and `UNIT.d/*.conf` in `/etc/systemd/system` and `/run/systemd/system`
    /// - SeeAlso: <https://www.freedesktop.org/software/systemd/man/latest/systemd.unit.html>
    borrowing func checkChanges(of unit: String, commandCounts: Bool) throws(HostReadError) {
        for directory in ["etc/systemd/system", "run/systemd/system"] where try contains(directory) {
            var files: [String] = []
            // A link is an alias, or leads to the package's own file.
            if try entries(of: directory).contains(unit), try target(of: "\(directory)/\(unit)") == nil {
                files.append("\(directory)/\(unit)")
            }
            let changes = "\(directory)/\(unit).d"
            if try contains(changes) {
                files += try entries(of: changes).filter { $0.hasSuffix(".conf") }.map { "\(changes)/\($0)" }
            }
            for file in files.prefix(Bounds.entries) {
                // A link to /dev/null takes a drop-in away, and one to nowhere is none.
                do throws(HostReadError) {
                    let text = try text(at: file)
                    guard
                        UnitFile(text)?.isHarmless(commandCounts: commandCounts) == true
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

    /// Nil for a file with a line that is none of: blank, a comment, `[Section]`, `Key=value`.
    init?(_ text: String) {
        var section = ""
        for line in text.replacing("\\\n", with: " ").split(separator: "\n").map({ String($0).trimmed() }) {
            if line.isEmpty || line.hasPrefix("#") || line.hasPrefix(";") { continue }
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

    private static let times: Set<Substring> = [
        "OnActiveSec", "OnBootSec", "OnStartupSec", "OnUnitActiveSec", "OnUnitInactiveSec", "OnCalendar",
    ]
}
