internal import PostureModel

extension Rule {
    /// The parameters of all rules; a rule looks only at its own.
    package struct Parameters: Sendable, Equatable {
        /// `disk_encrypted`: the mount points that need no encryption; `/media/*` stands for all below `/media`.
        var except: [String] = ["/boot", "/boot/efi", "/efi"]
        /// `disk_encrypted`: whether file systems on removable media count too, wherever they are mounted.
        var countsRemovable = false
        /// `packages_recent`: seconds.
        package var within: Int64 = 30 * 86_400
        /// `agent_version`: the least version, as its text.
        var minimum: String = Version.text
        /// `os_supported`: the least version of each operating system, by its id in os-release(5); `any` for every one.
        var systems: [String: String] = [:]
    }

    /// The keys of a rule's table: those of every rule, and those of parameters.
    enum Key: String, CodingKey {
        case points, gate, grace, warn
        case notApplicable = "not_applicable"
        case except, removable, within, minimum
    }
}

extension Rule.Parameters {
    /// Reads the parameters of the rule with this name; a parameter of another rule is an unknown key.
    init(of name: Rule.Name, from table: KeyedDecodingContainer<Rule.Key>) throws {
        switch name {
        case .diskEncrypted:
            if let except = try table.decodeIfPresent([String].self, forKey: .except) { self.except = except }
            countsRemovable = try table.decodeIfPresent(Bool.self, forKey: .removable) ?? false
        case .packagesRecent:
            if let within = try table.decodeIfPresent(TimeSpan.self, forKey: .within) {
                self.within = within.seconds
            }
        case .osSupported: systems = try table.decode([String: String].self, forKey: .minimum)
        case .agentVersion:
            if let minimum = try table.decodeIfPresent(String.self, forKey: .minimum) { self.minimum = minimum }
        default: break
        }
    }

    /// The problem with the parameters of a rule, as a text to be put after its name (`.minimum: …`); nil if there is none.
    func problem(of name: Rule.Name, isInForce: Bool) -> String? {
        switch name {
        case .diskEncrypted:
            let isGood = except.allSatisfy { $0 == "*" || ($0.hasPrefix("/") && $0.utf8.count <= 256) }
            return isGood && except.count <= 64 ? nil : ".except: is at most 64 mount points, such as \"/boot\""
        case .packagesRecent:
            return (1...31_536_000).contains(within) ? nil : ".within: is 1 s to a year"
        case .osSupported:
            if isInForce, systems.isEmpty { return ".minimum: names no operating system" }
            if systems.count > 64 { return ".minimum: names more than 64 operating systems" }
            let wrong = systems.sorted { $0.key < $1.key }.first { system in
                system.value != Subject.anyVersion && SoftwareVersion(system.value) == nil
            }
            return wrong.map { ".minimum.\($0.key): '\($0.value)' is neither a version such as 22.04 nor \"any\"" }
        case .agentVersion:
            return SoftwareVersion(minimum) == nil ? ".minimum: '\(minimum)' is no version such as 0.1.0" : nil
        default: return nil
        }
    }
}
