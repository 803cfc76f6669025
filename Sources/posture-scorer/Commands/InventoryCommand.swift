internal import ArgumentParser
internal import SQLiteStore
internal import ScorerCore
internal import ScorerModel

struct InventoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inventory",
        abstract: "Import and list the inventory.",
        subcommands: [Import.self, List.self]
    )

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Import machines from a CSV file, all of them or none.",
            discussion: """
                The first line names the columns: serial, and optionally certificate_name, tag and warp_id; others are \
                ignored. \
                A machine replaces the one with the same serial number.
                """
        )

        @OptionGroup var options: ConfigurationOption
        @Argument(help: "The file: UTF-8, as RFC 4180 has it, 16 MiB and 100000 machines at most.", completion: .file())
        var file: String
        @Flag(help: "Remove the machines that are not in the file.") var replace = false

        func run() async throws {
            let inventory = try InventoryFile(file: file)
            try await options.commands().importInventory(inventory, replacing: replace)
            print("imported: \(inventory.items.count)")
            if !inventory.ignored.isEmpty {
                print("ignored columns: \(inventory.ignored.joined(separator: ", "))")
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List machines in the order of their serial numbers."
        )

        @OptionGroup var options: ConfigurationOption

        func run() async throws {
            let store = try options.store()
            var last: String?
            repeat {
                let page = try await store.inventory(after: last, limit: 1000)
                for item in page {
                    let expected = "certificate: \(item.certificateName ?? "any")  WARP id: \(item.warpID ?? "any")"
                    print("\(item.serial)  \(expected)  tag: \(item.tag ?? "none")")
                }
                last = page.last?.serial
            } while last != nil
        }
    }
}
