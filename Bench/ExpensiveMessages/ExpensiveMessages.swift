import Glibc
import OpenSSLBridge
import PostureModel
import TestSupport
import Verification

/// Makes many messages, has each verified as the scorer does, and prints what it costs beside an honest report.
///
/// Judges nothing: the tests hold the number of verifications, this shows where the rest of the time goes.
@main
struct ExpensiveMessages {
    /// A message, and what the scorer knows when it comes.
    struct Scene {
        let name: String
        let proofs: [CarryingDevice.Proof]
        var requirements: CertificateRequirements
        var isReport = false
    }

    /// What one message cost.
    struct Cost {
        let microseconds: Double
        let signatures: Int
        let bytes: Int
        let isProven: Bool
    }

    /// 2030-06-01T12:00:00Z, in the year in which the certificates are valid.
    static let now = Timestamp(seconds: 1_906_545_600)
    private static let rounds = 15

    static func main() throws {
        let device = try CarryingDevice()
        let scenes = try Honest().scenes() + Forged().scenes() + Genuine().scenes()
        let costs = try scenes.map { try cost(of: $0, device) }
        guard let honest = costs.first?.microseconds else { return }
        print("    µs of CPU  × honest  signatures  certificates  bytes  proven  message")
        for (scene, cost) in zip(scenes, costs) {
            let columns = [
                padded(text(cost.microseconds, digits: 0), 13), padded(text(cost.microseconds / honest, digits: 1), 10),
                padded("\(cost.signatures)", 12), padded("\(scene.proofs.map(\.certificates.count).reduce(0, +))", 14),
                padded("\(cost.bytes)", 7), padded(cost.isProven ? "yes" : "no", 8),
            ]
            print(columns.joined() + "  " + scene.name)
        }
    }

    private static func cost(of scene: Scene, _ device: CarryingDevice) throws -> Cost {
        let key = NonceKey(id: 1, secret: [UInt8](repeating: 1, count: 32), createdAt: now)
        let authority = NonceAuthority(audience: CarryingDevice.audience, keys: [key])
        guard let text = authority.issue(at: now) else { throw ToolError(description: "no nonce") }
        let nonce = try authority.verify(text, at: now)
        let bytes =
            try scene.isReport
            ? device.report(scene.proofs, nonce: text, at: now) : device.registration(scene.proofs, nonce: text)
        guard bytes.count <= JWS.Limit.message else {
            throw ToolError(description: "\(scene.name): \(bytes.count) bytes are more than a message may have")
        }
        let verifier = MessageVerifier(audience: CarryingDevice.audience)
        let checks = Dictionary(scene.proofs.map { ($0.check, scene.requirements) }) { first, _ in first }
        var (best, signatures, isProven) = (Double.infinity, 0, false)
        for round in 0..<rounds {
            let meter = SignatureMeter()
            let start = cpuTime()
            try meter.run {
                let message = try UnverifiedMessage(parsing: bytes)
                if scene.isReport {
                    guard let id = message.claimedDevice else { throw ToolError(description: "no device") }
                    let known = KnownDevice(id, keys: [device.key.publicKey.jwk])
                    let authentic = try verifier.authenticReport(message, of: known, nonce: nonce)
                    let report = verifier.report(authentic, checks: checks, at: now)
                    isProven = report.checks.contains { $0.level == .proven }
                } else {
                    let authentic = try verifier.authenticRegistration(message, nonce: nonce)
                    let registration = verifier.registration(authentic, checks: checks, at: now)
                    isProven = registration.provenCertificate != nil
                }
            }
            best = min(best, cpuTime() - start)
            // The first one finds nothing verified.
            if round == 0 { signatures = meter.value }
        }
        return Cost(microseconds: best, signatures: signatures, bytes: bytes.count, isProven: isProven)
    }

    /// The CPU time of this process in microseconds.
    private static func cpuTime() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    private static func text(_ number: Double, digits: Int) -> String {
        let scale = digits == 0 ? 1.0 : 10.0
        let rounded = (number * scale).rounded() / scale
        return digits == 0 ? "\(Int(rounded))" : "\(rounded)"
    }
}

extension CertificateRequirements {
    /// Trusts these, and has these at hand.
    init(_ trusted: [Issued], _ intermediates: [Issued] = [], lists: [[UInt8]] = []) throws {
        self.init(
            trusted: try trusted.map { try Certificate(der: $0.der) },
            intermediates: try intermediates.map { try Certificate(der: $0.der) },
            revocation: Revocation(lists: try lists.flatMap { try RevocationList.parse($0) })
        )
    }
}
