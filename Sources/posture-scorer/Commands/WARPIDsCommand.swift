internal import ArgumentParser
internal import PostureModel
internal import ScorerCore

struct WARPIDsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "warp-ids",
        abstract: "Import WARP ids, for agents that cannot tell them.",
        subcommands: [Import.self]
    )

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Assign the WARP ids of Cloudflare's device list to the devices with their serial numbers.",
            discussion: """
                The first line names the columns: serial and warp_id, or as Cloudflare has them serial_number and device_id or id; \
                others are ignored. Prints the lines that assign nothing, and why, and exits with 1 if there are any.
                """
        )

        @OptionGroup var options: ConfigurationOption
        @Argument(help: "The file: CSV in UTF-8, 16 MiB and 100000 machines at most.", completion: .file())
        var file: String
        @Flag(help: "Say what would be assigned, and change nothing.") var dryRun = false
        @Flag(help: "Assign also to devices that prove no certificate, and only say their serial numbers.")
        var trustReported =
            false
        @Flag(help: "Print JSON.") var json = false

        func run() async throws {
            let list = try WARPIDFile(file: file)
            let outcome = try await options.commands().importWARPIDs(
                list,
                isDryRun: dryRun,
                trustsReported: trustReported
            )
            print(json ? try Wire.pretty(outcome) : outcome.text)
            if !outcome.skipped.isEmpty { throw ExitCode.failure }
        }
    }
}

extension WARPIDImport {
    /// For people, line by line.
    fileprivate var text: String {
        let lines = skipped.map { line in
            "\(line.place): \(line.serial.isEmpty ? "no serial number" : line.serial)  \(line.warpID)  \(line.words)"
        }
        let counts = [
            "\(isDryRun ? "would be assigned" : "assigned"): \(assigned)", "assigned before: \(unchanged)",
            "not assigned: \(skipped.count)",
        ]
        return (lines + counts).joined(separator: "\n")
    }
}

extension WARPIDImport.Skipped {
    /// Why the line assigns nothing, and what to do.
    fileprivate var words: String {
        let devices = devices.map(\.rawValue).joined(separator: ", ")
        return switch reason {
        case .unreadable: detail ?? "cannot be read"
        case .repeatedID: "the WARP id is in several lines: remove those that are not this machine's"
        case .repeatedSerial: "the serial number is in several lines: 'devices assign' takes them one by one"
        case .noHolder: "no device has this serial number: register the machine first, or use 'devices assign'"
        case .severalHolders: "several devices claim this serial number equally: \(devices); see 'conflicts list'"
        case .onlyReported: "\(devices) only says this serial number: give it a certificate, or use --trust-reported"
        case .heldByAnother: "the WARP id is given to \(devices); 'devices assign --force' takes it away"
        }
    }
}
