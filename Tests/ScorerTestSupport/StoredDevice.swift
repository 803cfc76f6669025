import OpenSSLBridge
@_spi(Verifying) package import PostureModel
package import SQLiteStore
package import ScorerModel
internal import ScorerStore

extension AuditEntry {
    /// An entry of a change that is not about the audit.
    package static var test: AuditEntry {
        AuditEntry(at: TestClock.start, actor: "a test", action: "test", subject: "it")
    }
}

extension SQLiteStore {
    /// Registers a device and takes a report of it, as if both had been verified.
    package func add(_ device: TestDevice, _ report: Report, at time: Timestamp) async throws {
        _ = try await register(
            VerifiedRegistration(
                device: device.id,
                key: device.key.publicKey.jwk,
                token: nil,
                provenCertificate: "leaf"
            ),
            by: .certificate(fingerprint: "leaf", deviceLimit: 100),
            at: time
        )
        _ = try await accept(
            VerifiedReport(report: report, checks: [], nonceIssuedAt: time),
            receivedAt: time,
            failing: { _ in [] }
        )
    }
}
