import Collectors
import FoundationEssentials
import Glibc
import PostureModel
import Testing

@Suite("The WARP client")
struct WARPTests {
    private static let tunnel = RecordedLinks(
        links: [Link(index: 4, name: "CloudflareWARP", hardwareType: 65534)],
        addresses: [LinkAddress(index: 4, ipv4: "100.96.0.10")]
    )
    private static let withoutAddress = RecordedLinks(
        links: [Link(index: 4, name: "CloudflareWARP", hardwareType: 65534)]
    )
    private static let noTunnel = RecordedLinks(links: [])

    private func state(
        _ unit: UnitState?,
        _ links: some LinkSource,
        isInstalled: Bool = true,
        units: (any UnitSource)? = nil
    ) throws -> Observation<WARPState> {
        let files = try TemporaryRoot(isInstalled ? ["usr/bin/warp-cli": ""] : [:])
        let root = try files.root()
        let units: any UnitSource = units ?? RecordedUnits(recorded: unit.map { ["warp-svc.service": $0] } ?? [:])
        return root.warp(links: links, units: units)
    }

    @Test("is connected where its service runs and its interface has an address")
    func connected() throws {
        #expect(try state(.active, Self.tunnel) == .observed(.connected))
    }

    @Test("is disconnected where its service runs without a tunnel")
    func disconnected() throws {
        #expect(try state(.active, Self.noTunnel) == .observed(.disconnected))
        #expect(try state(.active, Self.withoutAddress) == .observed(.disconnected))
    }

    @Test("is stopped where its service does not run, whatever interface there is")
    func stopped() throws {
        for unit: UnitState? in [.inactive, .failed, .changing, nil] {
            #expect(try state(unit, Self.noTunnel) == .observed(.stopped))
            #expect(try state(unit, Self.tunnel) == .observed(.stopped))
        }
    }

    @Test("does not apply where there is none, also without a service manager")
    func none() throws {
        let reason = "no WARP client"
        #expect(try state(nil, Self.noTunnel, isInstalled: false) == .notApplicable(reason: reason))
        let noBus = FailingUnits(code: ENOENT)
        #expect(try state(nil, Self.noTunnel, isInstalled: false, units: noBus) == .notApplicable(reason: reason))
    }

    @Test("cannot be told where the service manager or the kernel does not answer")
    func unreadable() throws {
        let noBus = FailingUnits(code: ENOENT)
        #expect(try state(nil, Self.tunnel, units: noBus) == .unreadable(reason: "no system bus"))
        #expect(try state(nil, Self.tunnel, isInstalled: false, units: noBus).value == nil)
        #expect(try state(.active, NoLinks()).value == nil)
        #expect(try state(.unknown, Self.tunnel).value == nil)
    }
}
