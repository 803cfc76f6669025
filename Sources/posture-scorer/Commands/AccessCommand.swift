internal import ArgumentParser
internal import CloudflareAccess
internal import ConfigurationFile
internal import Glibc
internal import PostureModel
internal import ScorerCore

struct AccessCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "access",
        abstract: "Check the set-up of Cloudflare Access.",
        subcommands: [CheckAccess.self]
    )
}

struct CheckAccess: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check the keys of Cloudflare Access, a token, or a whole request.",
        discussion: """
            Fetches the team's keys. With a token it checks each claim; with --through it sends a request as Cloudflare does. \
            Exits with 1 if anything is wrong.
            """
    )

    @OptionGroup var options: ConfigurationOption
    @Option(help: "A file with a token of Access; '-' for standard input.", completion: .file()) var tokenFile: String?
    @Option(help: "The URL that Cloudflare has, or its host: ask there with the service token.") var through: String?
    @Option(
        help:
            "A file with the service token, its client id and its secret on two lines; else from CF_ACCESS_CLIENT_ID and CF_ACCESS_CLIENT_SECRET.",
        completion: .file()
    )
    var serviceTokenFile: String?

    func run() async throws {
        guard let access = try ScorerConfiguration(at: options.config).access else {
            throw ValidationError("\(options.config) has no [access]: Cloudflare's route is closed")
        }
        var check = AccessCheck(access)
        if let tokenFile {
            await check.check(token: try Self.text(of: tokenFile), at: Timestamp.now())
        } else {
            await check.checkKeys()
        }
        if let through {
            let (id, secret) = try serviceToken()
            await check.check(through: Self.url(through), clientID: id, secret: secret)
        }
        for finding in check.findings { print(finding) }
        if check.findings.contains(where: { !$0.isGood }) { throw ExitCode.failure }
    }

    /// The first line of a file or of standard input, of at most 64 KiB, without white space around it.
    private static func text(of file: String) throws -> String {
        guard file == "-" else { return String(decoding: try readFile(file, limit: 65_536), as: UTF8.self).trimmed() }
        return (readLine() ?? "").trimmed()
    }

    private func serviceToken() throws -> (id: String, secret: String) {
        let parts: [String]
        if let serviceTokenFile {
            parts = try Self.text(of: serviceTokenFile).split(whereSeparator: \.isWhitespace).map(String.init)
        } else {
            parts = ["CF_ACCESS_CLIENT_ID", "CF_ACCESS_CLIENT_SECRET"].compactMap(Self.variable)
        }
        guard parts.count == 2 else {
            throw ValidationError(
                "--through needs a service token: --service-token-file with its id and its secret on two lines, or both in the environment"
            )
        }
        return (parts[0], parts[1])
    }

    private static func variable(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }

    /// Where the question goes: the path is Cloudflare's where only a host is given.
    private static func url(_ text: String) -> String {
        let url = text.contains("://") ? text : "https://\(text)"
        return url.split(separator: "/").count > 2 ? url : "\(url.trimmingSlashes)/v1/cloudflare/posture"
    }
}

extension String {
    fileprivate var trimmingSlashes: Substring { self[..<(lastIndex { $0 != "/" }.map(index(after:)) ?? startIndex)] }
}
