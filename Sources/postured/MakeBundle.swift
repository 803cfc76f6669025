internal import ArgumentParser
internal import Doctor
internal import PostureModel

struct MakeBundle: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle",
        abstract: "Write an archive for whoever helps from afar: how things stand, without secrets.",
        discussion: """
            In it are the status, what the doctor says, facts, checks, the configuration and versions; no serial number, \
            hardware address, WARP id, token, password or key. Look into it before you send it. Exit status: 0 written, 2 not.
            """
    )

    @OptionGroup var options: Options
    @OptionGroup var socket: SocketOption
    @Option(help: "The file to write, which must not be there yet.", completion: .file(extensions: ["tar"]))
    var output: String?

    func run() async throws {
        let bundle = await Bundle(of: subject(options, socket), now: Timestamp.now)
        let path = output ?? bundle.name
        do { try bundle.write(to: path) } catch {
            complain("\(error)")
            throw ExitCode(2)
        }
        print(path)
    }
}
