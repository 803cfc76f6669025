internal import ArgumentParser
internal import PostureModel
internal import SQLiteStore
internal import ScorerCore
internal import ScorerModel

/// Devices of which it is not sure who they are, and what is done about it.
extension Devices {
    struct Resolve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Say that a device is rightfully what it claims to be: its serial number, host name and WARP ids.",
            discussion: "Other claimants go behind it."
        )

        @OptionGroup var options: ConfigurationOption
        @OptionGroup var device: DeviceArgument
        @Flag(help: "Also where another device's claim is carried by a certificate, or better.") var force = false

        func run() async throws {
            let (device, bound) = try await options.commands().assignClaims(device.name, force: force)
            print("resolved: \(device.device)")
            for identifier in bound { print("  \(identifier.kind) \(identifier.value.printable())") }
        }
    }

    struct Unflag: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say that a device which looked like two machines is one: after the other got a key of its own."
        )

        @OptionGroup var options: ConfigurationOption
        @OptionGroup var device: DeviceArgument

        func run() async throws {
            print("one machine: \(try await options.commands().clearCloneAlarm(device.name).device)")
        }
    }

    struct Contested: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List what several devices claim, each with its claimants: that which it is bound to comes first."
        )

        @OptionGroup var options: ConfigurationOption

        func run() async throws {
            for contest in try await options.store().contested(limit: 10_000) {
                print("\(contest.identifier.kind) \(contest.identifier.value.printable())")
                for claimant in contest.claimants {
                    print("  \(claimant.device)  \(claimant.rank), since \(claimant.since)")
                }
            }
        }
    }

    struct Clones: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the devices that look like two machines with one key: they score 0 until 'devices unflag'."
        )

        @OptionGroup var options: ConfigurationOption

        func run() async throws {
            let (store, now) = (try options.store(), Timestamp.now())
            for id in try await store.clones(limit: 10_000) {
                if let device = try await store.device(id) { print(device.line(at: now)) }
            }
        }
    }

    struct Strangers: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the devices that Cloudflare asked about and nobody knows for sure, newest first, and why."
        )

        @OptionGroup var options: ConfigurationOption

        func run() async throws {
            for stranger in try await options.store().strangers(limit: 10_000) {
                let names = [
                    ("serial", stranger.serial), ("host", stranger.hostname), ("user", stranger.email),
                    ("address", stranger.ipv4),
                ].filter { !$0.1.isEmpty }.map { "\($0): \($1.printable())" }.joined(separator: "  ")
                print("\(stranger.warpID.printable())  \(names)  last asked: \(stranger.lastAt)  \(stranger.reason)")
            }
        }
    }
}
