internal import ArgumentParser
internal import ConfigurationFile
internal import PostureModel
internal import ScorerCore

struct CACommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ca",
        abstract: "Add, list, show and remove trusted CAs.",
        subcommands: [Add.self, List.self, Show.self, Remove.self]
    )

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add the CA certificates of a file, and print the id by which checks name them."
        )

        @OptionGroup var options: ConfigurationOption
        @Argument(help: "What people call the CA: 1 to 128 characters.") var name: String
        @Argument(
            help: "A file with its certificate in PEM or DER, or up to 32 in PEM; never with its key.",
            completion: .file()
        )
        var file: String

        func run() async throws {
            let ca = try TrustedCA(name: name, file: file)
            print(try await options.cas().add(ca).id)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List trusted CAs, oldest first.")

        @OptionGroup var options: ConfigurationOption

        func run() async throws {
            for ca in try await options.cas().all() {
                print("\(ca.id)  \(ca.name)  issuer: \(ca.issuer)  expires: \(ca.expiry)")
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a trusted CA and its certificates.")

        @OptionGroup var options: ConfigurationOption
        @Argument(help: "The id that 'ca add' printed.") var id: String

        func run() async throws {
            let ca = try await options.cas().show(id)
            print(
                """
                id: \(ca.id)
                name: \(ca.name)
                issuer: \(ca.issuer)
                serial number: \(ca.serialNumber)
                signature: \(ca.signature)
                expires: \(ca.expiry)
                added: \(ca.uploadedOn)
                \(ca.certificates)
                """,
                terminator: ""
            )
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove a trusted CA. Certificates that chain to it no longer count."
        )

        @OptionGroup var options: ConfigurationOption
        @Argument(help: "The id that 'ca add' printed.") var id: String
        @Flag(help: "Remove it even if many of the devices that pass now will fail.") var confirm = false

        func run() async throws {
            let cas = try options.cas()
            if !confirm { try await allow() }
            let ca = try await cas.remove(id)
            print("removed: \(ca.id)  \(ca.name)")
        }

        private func allow() async throws {
            do { try await options.scorer().changes.allowRemoval(ofCA: id, at: .now()) } catch let error
                as ConfigurationError
            {
                throw RemovalRefused(
                    description: "cannot tell how many devices would fail: \(error); --confirm removes it all the same"
                )
            }
        }
    }
}

extension TrustedCARecord {
    fileprivate var expiry: String { expiresOn.map(\.description) ?? "at an unreadable time" }
}

extension ConfigurationOption {
    fileprivate func cas() throws -> TrustedCAs { TrustedCAs(try commands()) }
}

/// Why a CA is not removed without --confirm.
private struct RemovalRefused: Error, CustomStringConvertible {
    let description: String
}
