internal import ArgumentParser
internal import PostureModel
internal import ScorerCore
internal import ScorerModel

struct Waive: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Count a rule as met for one device, for a while; its score says so.",
        usage: """
            posture-scorer waive [--config <config>] <device> <rule> --until <until> --reason <reason>
            posture-scorer waive [--config <config>] <device> <rule> --revoke
            """
    )

    @OptionGroup var options: ConfigurationOption
    @OptionGroup var device: DeviceArgument
    @Argument(help: "The rule's id, as the score names it.") var rule: String
    @Option(help: "Until when: 2026-12-24T12:00:00Z, or from now on 90m, 12h, 7d, 2w; a year at most.")
    var until: String?
    @Option(help: "Why, for whoever asks later.") var reason: String?
    @Flag(help: "End the waiver now.") var revoke = false

    func validate() throws {
        if revoke {
            guard until == nil, reason == nil else {
                throw ValidationError("--revoke takes neither --until nor --reason")
            }
        } else {
            guard until != nil, reason != nil else { throw ValidationError("a waiver needs --until and --reason") }
        }
    }

    func run() async throws {
        let operators = try options.commands()
        guard !revoke, let until, let reason else {
            let device = try await operators.revokeWaiver(device.name, rule: rule).device
            return print("revoked: \(rule) counts again for \(device)")
        }
        let waiver = try await operators.waive(device.name, rule: rule, until: until, reason: reason)
        print("waived: \(waiver.rule) for \(waiver.device) until \(waiver.expiresAt)")
    }
}
