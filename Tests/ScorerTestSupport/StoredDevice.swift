internal import DeviceIdentity
internal import OpenSSLBridge
@_spi(Verifying) package import PostureModel
package import ScorerModel
package import ScorerStore

extension AuditEntry {
    /// An entry of a change that is not about the audit.
    package static var test: AuditEntry {
        AuditEntry(at: TestClock.start, actor: "a test", action: "test", subject: "it")
    }
}

extension ScorerDatabase {
    /// Registers a device and takes a report of it, as if both had been verified.
    package func add(_ device: TestDevice, _ report: Report, at time: Timestamp) async throws {
        let record = DeviceRecord(
            device: device.id,
            key: device.key.publicKey.jwk,
            registeredAt: time,
            registeredBy: .certificate(fingerprint: "leaf")
        )
        _ = try await commit([.device(record)])
        let verified = VerifiedReport(
            report: report,
            payload: try Wire.encode(report),
            checks: [],
            nonceIssuedAt: time
        )
        try await ingest(verified, at: time)
    }

    /// Takes a report, as ingest does, without scoring it.
    package func ingest(_ report: VerifiedReport, at time: Timestamp) async throws {
        try await decide(from: Snapshot.Request(for: report)) { snapshot in
            let decision = try DeviceIdentity.decide(
                report,
                over: snapshot,
                by: LinkRules(),
                receipt: { Receipt(number: $0, code: [0]) },
                Liveness(at: time, staleAfter: 86_400)
            )
            return (Commit(decision.changes(names: DeviceName.all(of: report.report))), ())
        }
    }
}
