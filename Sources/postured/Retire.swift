internal import ArgumentParser
internal import PostureModel
internal import Reporting

struct Retire: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Retire this device: it gives up its key, its certificates' keys and its identifiers at the scorer.",
        discussion: """
            For root, before a machine is given away, wiped or purged of this program. Its key is deleted, and nothing is \
            reported any more. Where the scorer cannot be reached nothing changes; where its answer is lost, the message is sent \
            again in the place of reports; where it refuses, since two machines have the device's key, nothing changes. \
            Exit status: 0 retired, 1 not or not yet, 2 wrong configuration, or the daemon will not.
            """
    )

    @OptionGroup var delivery: DeliveryOptions

    func run() async throws {
        do { _ = try await delivery.report(first: .retirement) } catch is DeviceRetired {
            print(delivery.output.json ? try Wire.pretty(["retired": true]) : Self.sentence)
            return
        }
        complain("the scorer took a report, and no retirement: try again")
        throw ExitCode(1)
    }

    private static let sentence = """
        this device has retired: its key is deleted, and it reports no more
        now remove the program (apt purge postured); or remove the file 'retired' in the directory of the device's key, to
        let this machine enrol as a new device
        """
}
