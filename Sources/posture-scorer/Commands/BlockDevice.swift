internal import ArgumentParser
internal import ConfigurationFile
internal import PostureModel
internal import ScorerCore
internal import ScorerModel

struct BlockDevice: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "block",
        abstract: "Block a device: it scores 0 until unblocked.",
        discussion: """
            The block covers the device's key, the certificate keys that count for it, and the identifiers that a certificate, \
            the inventory or an operator gives it, also on other devices and after the device was deleted.
            """
    )

    @OptionGroup var options: ConfigurationOption
    @OptionGroup var device: DeviceArgument
    @Option(help: "Why, for the audit.") var reason: String
    @Flag(help: "Block the device's id and key alone.") var keyOnly = false

    func run() async throws {
        let scores = keyOnly ? nil : try await scores()
        let outcome = try await options.commands().block(device.name, reason: reason, by: scores)
        print("blocked: \(outcome.device)")
        for block in outcome.blocks { print("  \(block.phrase)") }
        for identifier in outcome.uncovered {
            print(
                "  not the \(identifier.kind.words) \(identifier.value.printable()): the device only says that it is its own"
            )
        }
        for other in outcome.others { print("scores 0 with it: \(other.names)") }
        if outcome.isCut { print("scores 0 with it: …") }
    }

    /// Says what counts for a device, which takes the whole configuration.
    private func scores() async throws -> DeviceScores {
        do { return try await options.scorer().devices } catch let error as ConfigurationError {
            throw BlockRefused(
                description: "cannot tell what counts for the device: \(error); --key-only blocks its id and key alone"
            )
        }
    }
}

struct UnblockDevice: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "unblock", abstract: "Remove all blocks of a device.")

    @OptionGroup var options: ConfigurationOption
    @OptionGroup var device: DeviceArgument

    func run() async throws {
        print("unblocked: \(try await options.commands().unblock(device.name).names)")
    }
}

/// Why a device is not blocked without --key-only.
private struct BlockRefused: Error, CustomStringConvertible {
    let description: String
}
