internal import PostureModel

extension Subject {
    /// The operating system is one of these, and not older than their version.
    func osSupported(_ systems: [String: String]) -> Judgement {
        .of(facts.osRelease) { system in
            let name: @Sendable () -> String = {
                system.prettyName?.bounded() ?? "\(system.id.bounded()) \(system.versionID?.bounded() ?? "")"
            }
            guard let least = systems[system.id] else {
                return .fail(
                    "\(name()) is not among the supported systems",
                    "install one of: \(few(Array(systems.keys)))"
                )
            }
            if least == Self.anyVersion { return .pass(name()) }
            guard let version = system.versionID.flatMap(SoftwareVersion.init), let least = SoftwareVersion(least)
            else {
                return .unknown(
                    "\(name()) has no version that can be compared",
                    "see VERSION_ID in /etc/os-release on the machine"
                )
            }
            return version >= least
                ? .pass(name()) : .fail("\(name()) is older than \(system.id.bounded()) \(least)", "upgrade it")
        }
    }

    /// The word for every version of an operating system, and for one without versions.
    static let anyVersion = "any"

    /// The report was made by this version of the agent, or a later one.
    func agentVersion(atLeast minimum: String) -> Judgement {
        let agent = input.report.report.agent
        let parts = agent.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == "postured", let version = SoftwareVersion(String(parts[1])),
            let least = SoftwareVersion(minimum)
        else {
            return .unknown("'\(agent.bounded())' has no version that can be compared", "install postured \(minimum)")
        }
        return version >= least
            ? .pass("postured \(version)")
            : .fail("postured \(version) is older than \(least)", "update postured on the machine")
    }
}

/// A version of numbers with dots between them, such as `22.04`; what is left out at the end is 0.
struct SoftwareVersion: Comparable, CustomStringConvertible {
    let description: String
    private let numbers: [Int]

    /// Reads a version; nil for anything else, and for more than 8 numbers or 9 digits.
    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 8 else { return nil }
        var numbers: [Int] = []
        for part in parts {
            guard part.utf8.count <= 9, part.utf8.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains),
                let number = Int(part)
            else { return nil }
            numbers.append(number)
        }
        while numbers.last == 0 { numbers.removeLast() }
        (description, self.numbers) = (text, numbers)
    }

    static func == (left: SoftwareVersion, right: SoftwareVersion) -> Bool { left.numbers == right.numbers }

    static func < (left: SoftwareVersion, right: SoftwareVersion) -> Bool {
        left.numbers.lexicographicallyPrecedes(right.numbers)
    }
}
