internal import Agent
internal import ArgumentParser
internal import PostureModel

struct Certificates: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the certificates of an NSS database and of its tokens. Judges nothing, changes nothing.",
        discussion: "Exit status: 0 listed, 1 nothing was found, 2 could not look. --json has each certificate's DER."
    )

    @Option(help: "The directory of the database.", completion: .directory) var database = "/etc/pki/nssdb"
    @Option(help: "Only what 'certutil -L -n' finds by this nickname, TOKEN:nickname or e-mail address.")
    var nickname: String?
    @Option(help: "A file with the password, in the form of 'certutil -f'.", completion: .file()) var passwordFile:
        String?
    @OptionGroup var output: JSONOption

    func run() async throws {
        let listing: DatabaseListing
        do {
            listing = try await DatabaseListing(at: database, nickname: nickname, passwordFile: passwordFile)
        } catch {
            complain("\(error)")
            throw ExitCode(error is DatabaseListing.Absent ? 1 : 2)
        }
        print(output.json ? try Wire.pretty(listing) : Text.listing(listing))
        let left = listing.unseen + listing.passedOver.map { "passed over: \($0)" }
        left.forEach { complain($0) }
        if listing.certificates.isEmpty { throw ExitCode(left.isEmpty ? 1 : 2) }
    }
}
