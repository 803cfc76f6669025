import CurlBridge
import PostureModel
import TestSupport
import Testing

@testable import Reporting

@Suite("A certificate that is not valid now", .timeLimit(.minutes(5)))
struct WrongClockTests {
    /// How a report fails at a scorer with such a certificate, on a machine with such a clock.
    func complaint(_ validity: TestPKI.Validity, at now: Timestamp, of names: [String] = ["IP:127.0.0.1"]) async throws
        -> DeliveryError
    {
        let pki = try TestPKI()
        let root = try pki.ca("Corp Root")
        let leaf = try pki.leaf("scorer", issuer: root, names: names, eku: ["serverAuth"], validity: validity)
        let server = try await TLSServer(leaf)
        let client = ScorerClient(
            audience: server.url,
            caFile: root.certificatePath,
            userAgent: "postured/test",
            now: { now }
        )
        let delivery = Delivery(to: client, signing: FakeSource().sign) { nil }
        return try await #require(throws: DeliveryError.self) { try await delivery.report() }
    }

    @Test("may be a clock that is wrong: the clock is named", arguments: [true, false])
    func doubt(isEarly: Bool) async throws {
        let now = try #require(Timestamp(rfc3339: "2031-05-02T10:00:00Z"))
        let error = try await complaint(isEarly ? .notYetValid : .expired, at: now)
        #expect(error.isTransient)
        let reason = isEarly ? "certificate is not yet valid" : "certificate has expired"
        #expect(error.description.hasSuffix("\(reason); or this machine's clock is wrong: it says 2031-05-02"))
    }

    @Test("is a clock that is wrong where it says a time before this program was built")
    func certain() async throws {
        let error = try await complaint(.notYetValid, at: Timestamp(seconds: 3600))
        #expect(
            error.description.hasSuffix(
                "; but this machine's clock is wrong: it says 1970-01-01, and this program was built after "
                    + "\(Version.builtAfter.description.prefix(10)): set the clock"
            )
        )
    }

    @Test("is not blamed for what is wrong with another certificate")
    func other() async throws {
        let error = try await complaint(.current, at: Timestamp(seconds: 3600), of: ["DNS:scorer.acme.test"])
        #expect(!error.description.contains("clock"), "\(error)")
    }
}
