internal import ArgumentParser
internal import PostureModel
internal import SQLiteStore
internal import ScorerCore
internal import ScorerModel

struct Devices: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Devices: who they are, and what is decided of them.",
        discussion: """
            DEVICE is an id, at least 8 characters that it begins with, a serial number or a host name. Where that means \
            more than one device, nothing is done, and they are listed.
            """,
        subcommands: [
            List.self, Show.self, Forget.self, Block.self, Unblock.self, Resolve.self, Unflag.self, Contested.self,
            Clones.self,
            Strangers.self,
        ]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the devices, in the order of their ids.")

        @OptionGroup var options: ConfigurationOption
        @Flag(help: "Only those whose newest report is so old that it is worth nothing, by the policy.") var stale =
            false
        @Option(help: "Only those that have not reported for so long: 90m, 12h, 7d, 2w.") var silentFor: String?
        @Flag(help: "Print one JSON object a line.") var json = false

        func validate() throws {
            if let silentFor, seconds(ofDuration: silentFor) == nil {
                throw ValidationError("--silent-for is a time such as 90m, 12h, 7d or 2w")
            }
        }

        func run() async throws {
            let now = Timestamp.now()
            let silence = try silentFor.flatMap(seconds(ofDuration:)) ?? (stale ? nothingAfter() : nil)
            let store = try options.store()
            var last: DeviceID?
            repeat {
                let page = try await store.devices(
                    after: last,
                    limit: 1000,
                    silentSince: silence.map { now.adding(seconds: -$0) }
                )
                for device in page {
                    print(json ? try Wire.line(device) : device.line(at: now))
                }
                last = page.last?.device
            } while last != nil
        }

        private func nothingAfter() throws -> Int64 {
            try ScorerConfiguration(at: options.config).staleAfter()
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what is kept of a device: names, report, blocks, waivers."
        )

        @OptionGroup var options: ConfigurationOption
        @OptionGroup var device: DeviceArgument
        @Flag(help: "Print JSON, with the facts of the newest report.") var json = false

        func run() async throws {
            let shown = try await options.commands().show(device.name)
            print(json ? try Wire.pretty(shown) : shown.text)
        }
    }

    struct Forget: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete a device: its key, report and waivers. Its blocks stay.",
            discussion: "The same machine can register again, with an enrolment token or its certificate."
        )

        @OptionGroup var options: ConfigurationOption
        @OptionGroup var device: DeviceArgument

        func run() async throws {
            print("forgotten: \(try await options.commands().delete(device.name).names)")
        }
    }

    struct Block: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Score 0 at once for a device's key, its certificates and its serial number, whoever has them.",
            discussion: "It lasts until 'devices unblock', also for a device that was forgotten."
        )

        @OptionGroup var options: ConfigurationOption
        @OptionGroup var device: DeviceArgument
        @Option(help: "Why, for whoever asks later.") var reason: String
        @Flag(help: "Block the key alone: for a machine that claims what is another's.") var keyOnly = false

        func run() async throws {
            let outcome = try await options.commands().block(device.name, reason: reason, keyOnly: keyOnly)
            print("blocked: \(outcome.device)")
            for block in outcome.blocks { print("  \(block.sentence)") }
            for other in outcome.others { print("the same serial number, and blocked with it: \(other.names)") }
        }
    }

    struct Unblock: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End all blocks of a device.")

        @OptionGroup var options: ConfigurationOption
        @OptionGroup var device: DeviceArgument

        func run() async throws {
            print("unblocked: \(try await options.commands().unblock(device.name).names)")
        }
    }
}

/// Which device is meant.
struct DeviceArgument: ParsableArguments {
    @Argument(
        help: .init(
            "An id, 8 or more characters that it begins with, a serial number or a host name.",
            valueName: "device"
        )
    )
    var name: String
}

extension Block {
    fileprivate var sentence: String {
        switch kind {
        case .device: "the key, whatever it reports"
        case .certificate: "the certificate \(value.printable())"
        case .serial: "the serial number \(value.printable())"
        }
    }
}

extension ShownDevice {
    /// For people, line by line.
    fileprivate var text: String {
        func line(_ name: String, _ value: String?) -> String { "\(name): \(value ?? "unknown")" }
        let lines = [
            line("device", summary.device.rawValue),
            line("host name", summary.hostname),
            line("serial number", summary.serial),
            line("agent", summary.agent),
            line("registered", summary.registeredAt.map(\.description) ?? "no longer: it was forgotten"),
            line("last report", summary.receivedAt.map(\.description) ?? "none yet"),
            line("blocked", blocks.isEmpty ? "no" : "yes"),
        ]
        let blocked = blocks.map {
            "  \($0.sentence): \($0.reason.printable()) (\($0.createdBy.printable()), \($0.createdAt))"
        }
        let waived = waivers.map {
            "waived: \($0.rule) until \($0.expiresAt): \($0.reason.printable()) (\($0.createdBy.printable()), \($0.createdAt))"
        }
        return (lines + blocked + waived).joined(separator: "\n")
    }
}
