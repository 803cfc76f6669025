internal import Synchronization

/// Counts the signatures that are verified: of messages, certificates and CRLs.
///
///     let meter = SignatureMeter()
///     try meter.run { try verifier.report(…) }
///
/// Every verification of a message and of a certificate passes through here: OpenSSL's own look at a chain's signatures is
/// replaced (see ``validate(chain:signatures:revocation:looksAtRevocation:signers:at:)``). What is not counted is the
/// second look that OpenSSL takes at a CRL that it uses.
package final class SignatureMeter: Sendable {
    @TaskLocal private static var current: SignatureMeter?
    private let counted = Atomic(0)

    /// Creates a meter that stands at 0.
    package init() {}

    /// How many signatures were verified within ``run(_:)``.
    package var value: Int { counted.load(ordering: .relaxed) }

    /// Runs `body`, and counts what is verified in it.
    package func run<Result>(_ body: () throws -> Result) rethrows -> Result {
        try Self.$current.withValue(self, operation: body)
    }

    /// Counts one verification.
    static func count() { current?.counted.add(1, ordering: .relaxed) }
}
