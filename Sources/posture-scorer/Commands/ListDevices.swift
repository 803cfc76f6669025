internal import ArgumentParser
internal import PostureModel
internal import SQLiteStore
internal import ScorerCore
internal import ScorerModel

struct ListDevices: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List devices in the order of their ids."
    )

    @OptionGroup var options: ConfigurationOption
    @Flag(help: "List only devices whose newest report is stale by the policy.") var stale = false
    @Option(help: "List only devices that have not reported for so long: \(TimeSpan.examples).") var silentFor:
        TimeSpan?
    @Flag(help: "Print one JSON object a line.") var json = false

    func run() async throws {
        let now = Timestamp.now()
        let silence = try silentFor?.seconds ?? (stale ? staleAfter() : nil)
        let silentSince = silence.map { now.adding(seconds: -$0) }
        let store = try options.store()
        var last: DeviceID?
        repeat {
            let page = try await store.devices(after: last, limit: 1000, silentSince: silentSince)
            for device in page { print(json ? try Wire.line(device) : device.line(at: now)) }
            last = page.last?.device
        } while last != nil
    }

    private func staleAfter() throws -> Int64 { try ScorerConfiguration(at: options.config).staleAfter() }
}
