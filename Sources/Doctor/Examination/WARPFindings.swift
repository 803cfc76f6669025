internal import Agent
internal import PostureModel

/// Whether the machine can tell the ids of its WARP client.
extension Examination {
    /// As the collector sees it, since that is what counts; by a look of root's own where it shows nothing.
    func warpIDs(_ configuration: AgentConfiguration, _ view: ViewState) async -> Finding {
        if case .seen(let view) = view { return Self.finding(view) }
        if isRoot {
            var facts = AgentConfiguration.empty
            (facts.warpIDs, facts.keyDirectory) = (configuration.warpIDs, configuration.keyDirectory)
            let own = try? await within(.seconds(10)) { [subject, now, facts] in
                try await HostInspector(root: subject.root, configuration: facts).look(now)
            }
            if let own { return Self.finding(own) }
        }
        return Finding("warp-ids", .skipped, "only the collector can ask the WARP client, and it shows nothing")
    }

    private static func finding(_ view: MachineView) -> Finding {
        let name = "warp-ids"
        switch view.warpIDs {
        case .notApplicable(let reason): return Finding(name, .ok, "there is no WARP client: \(reason)")
        case .unreadable(let reason): return Finding(name, .failed, reason, advice: advice(view))
        case .notReported: return Finding(name, .skipped, "the collector says nothing of them")
        case .observed(let ids):
            guard case .unreadable(let reason) = view.warpClient else {
                let count = ids.ids.count == 1 ? "one id" : "\(ids.ids.count) ids"
                return Finding(
                    name,
                    .ok,
                    view.warpIDSource == .client ? "the client tells \(count)" : "\(count), of the configuration"
                )
            }
            let age = TimeSpan(seconds: view.collectedAt.seconds(since: ids.readAt))
            let instead =
                switch view.warpIDSource {
                case .memory: "those that it told \(age) ago are reported, for an hour"
                case .certificate: "those of its certificates are reported"
                case .client, .configuration, nil: "those of the configuration are reported"
                }
            return Finding(name, .warning, "\(reason); \(instead)", advice: advice(view))
        }
    }

    private static func advice(_ view: MachineView) -> String {
        view.warpAdvice ?? "run 'warp-cli registration show' by hand, or set warp_ids in postured.toml"
    }
}
