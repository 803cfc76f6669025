import Collectors
@_spi(Signing) import PostureModel
import Reporting
import Synchronization
import TestSupport

@testable import Agent

/// A collector that signs nothing: its answers are what it is told.
final class FakeCollector: Collector {
    private let answers = Mutex<[CollectedMessage]>([])
    private let sighting = Mutex<Sighting?>(nil)
    let requests = Collected<SigningRequest>()
    let settlements = Collected<Settlement>()

    struct Nothing: Error {}

    /// The messages of the next requests.
    func answer(_ messages: CollectedMessage...) { answers.withLock { $0 = messages } }

    /// What there is to see from now on.
    func see(_ sighting: Sighting) { self.sighting.withLock { $0 = sighting } }

    func collect(_ request: SigningRequest, nonce: String, audience: String) async throws -> CollectedMessage {
        requests.add(request)
        let next = answers.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        guard let next else { throw Nothing() }
        return next
    }

    func settle(_ settlement: Settlement) async throws { settlements.add(settlement) }

    func look() async throws -> Sighting {
        guard let sighting = sighting.withLock(\.self) else { throw Nothing() }
        return sighting
    }
}

extension KnownWARPIDs {
    /// Nobody looked.
    static let unknown = KnownWARPIDs(
        told: .unreadable(reason: "nothing"),
        configured: [],
        remembered: nil,
        at: Timestamp(seconds: 0)
    )
}

extension MachineView {
    /// A machine of which nothing can be read but its host name.
    static func named(_ hostname: String) -> MachineView {
        MachineView(
            CollectedFacts(
                facts: .named(hostname),
                warp: .unknown,
                warpClient: WARPAnswer(ids: .observed([])),
                checks: []
            ),
            at: Timestamp(seconds: 0)
        )
    }
}

extension CollectedMessage {
    /// A report of a machine with this host name, which nobody signed.
    static func report(_ hostname: String, flaw: String? = nil) throws -> CollectedMessage {
        let report = Report(
            device: FakeDependencies.answer(0).device,
            audience: "https://scorer.test",
            agent: "postured/test",
            collectedAt: Timestamp(seconds: 0),
            facts: .named(hostname),
            warpIDs: KnownWARPIDs.unknown.ids,
            checks: []
        )
        let payload = try Wire.encode(report)
        let header = ProtectedHeader(alg: .es256, typ: .report, url: "", nonce: "", role: ProtectedHeader.deviceRole)
        let signature = JWS.Signature(
            header: header,
            encodedHeader: Base64URL.encode(try Wire.encode(header)),
            certificates: [],
            bytes: [0]
        )
        let jws = JWS(encodedPayload: Base64URL.encode(payload), payload: payload, signatures: [signature])
        return CollectedMessage(
            message: SignedMessage(type: .report, bytes: try jws.encoded()),
            notes: try Wire.encode(CollectorNotes(.named(hostname))),
            flaw: flaw
        )
    }
}

extension Facts {
    /// Facts that cannot be read, but for a host name.
    static func named(_ hostname: String, serial: String? = nil) -> Facts {
        let nothing = "nothing"
        return Facts(
            serials: SerialNumbers(
                product: serial.map { .observed(SerialNumber($0)) } ?? .notApplicable(reason: nothing),
                board: .notApplicable(reason: nothing),
                chassis: .notApplicable(reason: nothing)
            ),
            macs: .unreadable(reason: nothing),
            kernelHostname: .observed(hostname),
            staticHostname: .unreadable(reason: nothing),
            warpIPv4: .unreadable(reason: nothing),
            osRelease: .unreadable(reason: nothing),
            kernelRelease: .unreadable(reason: nothing),
            machineID: .unreadable(reason: nothing),
            bootID: .unreadable(reason: nothing),
            uptime: .unreadable(reason: nothing)
        )
    }
}
