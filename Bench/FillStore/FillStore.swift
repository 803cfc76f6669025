import ArgumentParser
import Glibc
import PostureModel
import SQLiteStore
import SampleFleet

/// Fills a store with a fleet of machines that are not.
@main
struct FillStore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fill-store",
        abstract: "Fill a store with a fleet of devices.",
        discussion: "What is stored is decided, scored and committed by the scorer's own code."
    )

    @Argument(help: "The database: a file that does not exist yet.") var path: String
    @Argument(help: "How many devices: 1 to 1000000.") var count: Int
    @Option(help: "Another seed gives another fleet.") var seed: UInt64 = 1
    @Option(help: "The time of the fleet, such as 2026-11-30T12:00:00Z; the present if left out.") var at: String?
    @Option(help: "The id of the certificate check.") var check = "corp"
    @Option(help: "The SHA-256 of the CA that certificates end at, in base64url.") var anchor: String?

    func validate() throws {
        guard (1...1_000_000).contains(count) else { throw ValidationError("COUNT is 1 to 1000000") }
        guard at.map({ Timestamp(rfc3339: $0) != nil }) ?? true else { throw ValidationError("--at is no time") }
    }

    func run() async throws {
        let now = at.flatMap { Timestamp(rfc3339: $0) } ?? Timestamp(seconds: Timestamp.now().seconds)
        let fleet = SampleFleet(count: count, seed: seed, now: now, check: check, anchor: anchor)
        let clock = ContinuousClock()
        let store = try SQLiteStore(path: path)
        let start = clock.now
        try await fleet.fill(store) { done in
            if done % 100_000 == 0 { print("\(done) devices after \((clock.now - start).components.seconds) s") }
        }
        try store.close()
        let (seconds, attoseconds) = (clock.now - start).components
        let elapsed = Double(seconds) + Double(attoseconds) / 1e18
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return }
        print(
            "\(count) devices in \(Int(elapsed.rounded())) s: \(Int(Double(count) / elapsed)) devices per second, "
                + "\(Int(status.st_size) / count) bytes per device"
        )
    }
}
