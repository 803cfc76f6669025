package import PostureModel

/// What the variables of a name pattern stand for on one machine, or why that is not known.
package struct VariableValues: Sendable {
    private let values: [NamePattern.Variable: Observation<[String]>]

    /// Nothing is known: for names without variables.
    package init() { values = [:] }

    /// The values that the facts of a machine give.
    ///
    /// On the scorer the facts are what the machine says of itself; what makes them more is that they stand in a
    /// certificate that the trusted CA issued.
    package init(facts: Facts, warpIDs: [String]) {
        values = [
            .serialNumber: Self.serialNumber(facts.serials),
            .hostname: Self.hostname(facts.kernelHostname),
            .deviceUUID: warpIDs.isEmpty
                ? .notApplicable(reason: "the machine has no WARP id (warp_ids in postured.toml)") : .observed(warpIDs),
        ]
    }

    /// The values that a report gives.
    init(_ report: Report) {
        var values = VariableValues(facts: report.facts, warpIDs: []).values
        values[.deviceUUID] = Self.deviceUUID(report)
        self.values = values
    }

    private static func deviceUUID(_ report: Report) -> Observation<[String]> {
        switch report.warpIDs {
        case .observed(let warp) where !warp.mayBeRepeated(at: report.collectedAt):
            .unreadable(reason: "the machine's WARP ids were read too long ago, at \(warp.readAt)")
        case .observed(let warp) where !warp.ids.isEmpty: .observed(warp.ids)
        case .observed: .notApplicable(reason: "the machine has no WARP id")
        case .notApplicable(let reason): .notApplicable(reason: reason)
        case .unreadable(let reason): .unreadable(reason: reason)
        case .notReported: .notReported
        }
    }

    private static func serialNumber(_ serials: SerialNumbers) -> Observation<[String]> {
        if let best = serials.best { return .observed([best.value]) }
        switch serials.product {
        case .observed(let serial):
            return .notApplicable(reason: "the serial number is junk (\(serial.junkReason ?? "junk"))")
        case .notApplicable(let reason): return .notApplicable(reason: reason)
        case .unreadable(let reason): return .unreadable(reason: reason)
        case .notReported: return .notReported
        }
    }

    private static func hostname(_ hostname: Observation<String>) -> Observation<[String]> {
        switch hostname {
        case .observed(let name) where Hostname(name)?.isPlaceholder != false:
            .notApplicable(reason: "the host name '\(name)' is one that many machines have")
        case .observed(let name): .observed([name])
        case .notApplicable(let reason): .notApplicable(reason: reason)
        case .unreadable(let reason): .unreadable(reason: reason)
        case .notReported: .notReported
        }
    }

    /// The values of a variable of `pattern`.
    func known(_ variable: NamePattern.Variable, for pattern: NamePattern) throws(CertificateProblem) -> [String] {
        switch values[variable] {
        case .observed(let values)?: return values
        case .notApplicable(let reason)?, .unreadable(let reason)?:
            throw .variableUnknown(variable, in: pattern, reason)
        case .notReported?: throw .variableUnknown(variable, in: pattern, "the report does not have it")
        case nil: throw .variableUnknown(variable, in: pattern, "nobody has looked for it")
        }
    }
}
