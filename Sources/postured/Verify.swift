internal import Agent
internal import ArgumentParser
internal import PostureModel
internal import Verification

struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Validate a certificate in a file, by the rules that a check goes by.",
        discussion: """
            Files are PEM or DER. Exit status: 0 valid, 1 not valid, 2 a file cannot be read.
            Certificates that follow the first in LEAF's file are taken as intermediates.
            """
    )

    @Option(
        parsing: .upToNextOption,
        help: "Files of CAs that the chain may end at, roots or issuing CAs.",
        completion: .file()
    )
    var trusted: [String]
    @Option(parsing: .upToNextOption, help: "Files of certificates that may stand between.", completion: .file())
    var intermediate: [String] = []
    @Option(help: "The moment to judge at, as in 2026-11-22T09:30:00Z; now if left out.", transform: moment)
    var time: Timestamp?
    @Option(help: "An extended key usage that is demanded, by name or OID; may be repeated.")
    var eku: [String] = []
    @Option(
        parsing: .upToNextOption,
        help: "Files of CRLs. With one, every certificate below the trusted one needs a CRL.",
        completion: .file()
    )
    var crl: [String] = []
    @Flag(help: "Let certificates pass that no CRL speaks of.")
    var crlSoftFail = false
    @OptionGroup var output: JSONOption
    @Argument(help: "The certificate's file.", completion: .file())
    var leaf: String?

    /// `--trusted FILE… LEAF`: what ends the command line is the certificate, even where a list of files comes before it.
    mutating func validate() throws {
        for name in eku where ExtendedKeyUsage.oid(named: name) == nil {
            throw ValidationError("--eku '\(name)' is neither a name such as clientAuth nor an OID")
        }
        guard leaf == nil, let last = CommandLine.arguments.last else { return }
        if intermediate.last == last {
            leaf = intermediate.removeLast()
        } else if crl.last == last {
            leaf = crl.removeLast()
        } else if trusted.last == last {
            leaf = trusted.removeLast()
        }
        guard !trusted.isEmpty else { throw ValidationError("--trusted names no file: no certificate could be valid") }
    }

    func run() throws {
        guard let leaf else { throw ValidationError("LEAF is missing: the certificate's file") }
        let verification = FileVerification(
            trusted: trusted,
            intermediates: intermediate,
            crls: crl,
            letsUnknownPass: crlSoftFail,
            usages: eku.compactMap(ExtendedKeyUsage.oid(named:)),
            leaf: leaf
        )
        let moment = time ?? .now()
        if time == nil, moment < Version.builtAfter {
            complain(CertificateProblem.wrongClock(moment).reason)
            throw ExitCode(2)
        }
        let result = try configured { try verification.run(at: moment) }
        if output.json {
            print(try Wire.pretty(result))
        } else {
            print("\(result.outcome.rawValue): \(leaf): \(result.reason.printable())")
            result.warnings.forEach { complain($0) }
        }
        throw ExitCode(result.outcome == .pass ? 0 : 1)
    }
}

/// A moment from RFC 3339.
private func moment(_ text: String) throws -> Timestamp {
    guard let time = Timestamp(rfc3339: text) else { throw ValidationError("'\(text)' is no time of RFC 3339") }
    return time
}
