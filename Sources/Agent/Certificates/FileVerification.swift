package import ConfigurationFile
internal import OpenSSLBridge
package import PostureModel
internal import Verification

/// The certificate check on files: what `postured verify` does, with the same judge as everything else.
package struct FileVerification: Sendable {
    /// Files of trusted CAs.
    package var trusted: [String]
    /// Files of certificates that may stand between.
    package var intermediates: [String]
    /// Files of CRLs; none: revocation is not looked at.
    package var crls: [String]
    /// Whether a certificate that no CRL speaks of is let pass.
    package var letsUnknownPass: Bool
    /// The extended key usages that are demanded, as dotted OIDs.
    package var usages: [String]
    /// The file of the certificate; others that follow in it are taken as intermediates.
    package var leaf: String

    package init(
        trusted: [String],
        intermediates: [String],
        crls: [String],
        letsUnknownPass: Bool,
        usages: [String],
        leaf: String
    ) {
        self.trusted = trusted
        self.intermediates = intermediates
        self.crls = crls
        self.letsUnknownPass = letsUnknownPass
        self.usages = usages
        self.leaf = leaf
    }

    /// What came out; stable, as `--json` prints it.
    package struct Result: Sendable, Encodable {
        /// Pass or fail; where nobody could look, there is an error instead.
        package var outcome: CheckResult.Outcome
        /// What a person should know.
        package var reason: String
        /// The problem for machines; nil where the certificate passed.
        package var code: String?
        /// The subjects of the chain, leaf first; empty where it did not pass.
        package var chain: [String]
        /// What was passed over, a sentence each.
        package var warnings: [String]
    }

    /// Reads the files and judges, as of `time`.
    ///
    /// A certificate that is none by its form is not valid; an intermediate that is none stands in no chain.
    ///
    /// - Throws: an error that names the file where one cannot be read.
    package func run(at time: Timestamp) throws(ConfigurationError) -> Result {
        let bytes = try readFile(leaf)
        let requirements = CertificateRequirements(
            trusted: try certificates(in: trusted),
            revocation: Revocation(lists: try revocationLists(in: crls), failureMode: letsUnknownPass ? .soft : .hard),
            extendedKeyUsages: usages,
            allowsCA: true
        )
        var carried: [Certificate] = []
        var passedOver: [String] = []
        for path in intermediates {
            let bytes = try readFile(path)
            do throws(PEMError) { carried += try Certificate.parse(bytes) } catch {
                guard case .malformed = error else { throw ConfigurationError(path, error, insteadOf: .certificate) }
                passedOver.append("\(path): passed over, since it \(error)")
            }
        }
        let given: [Certificate]
        do throws(PEMError) { given = try Certificate.parse(bytes) } catch {
            guard case .malformed(let error) = error else {
                throw ConfigurationError(leaf, error, insteadOf: .certificate)
            }
            return Result(CertificateProblem(.malformed, "it cannot be read as a certificate: \(error)"), passedOver)
        }
        do throws(OpenSSLError) {
            let judge = CertificateJudge(requirements, names: .any, carried: carried + given.dropFirst(), at: time)
            switch try judge.judge(given[0]) {
            case .valid(let chain):
                let subjects = chain.certificates.map(\.subject)
                return Result(.pass, chain.summary, nil, chain: subjects, passedOver)
            case .invalid(let problem): return Result(problem, passedOver)
            }
        } catch {
            return Result(CertificateProblem(.malformed, "it cannot be read as a certificate: \(error)"), passedOver)
        }
    }
}

extension FileVerification.Result {
    fileprivate init(
        _ outcome: CheckResult.Outcome,
        _ reason: String,
        _ code: String?,
        chain: [String],
        _ warnings: [String]
    ) {
        (self.outcome, self.reason, self.code, self.chain, self.warnings) = (outcome, reason, code, chain, warnings)
    }

    fileprivate init(_ problem: CertificateProblem, _ warnings: [String]) {
        self.init(.fail, problem.reason, problem.code.rawValue, chain: [], warnings)
    }
}
