import PostureModel
import Testing

@Suite("The posture on the wire")
struct PostureWireTests {
    /// The form that `docs/wire-format.md` promises, byte for byte.
    static let text = [
        #"{"access_control":{"apparmor":"enabled","selinux":"permissive"},"automatic_updates":true,"#,
        #""disks":{"*":"unknown","/":"yes","/boot":"no","/media/a":{"encrypted":"no","removable":true}},"#,
        #""firewall_active":{"nftables":"failed","ufw":"active"},"#,
        #""firewall_enabled":["ufw"],"packages_updated":1906545600,"reboot_required":{"unreadable":"nobody says"},"#,
        #""secure_boot":{"not_applicable":"no UEFI"},"swap":"encrypted","tpm":"2.0","warp":"connected"}"#,
    ].joined()

    static let posture: Posture = {
        var posture = Posture()
        posture.secureBoot = .notApplicable(reason: "no UEFI")
        posture.tpm = .observed(.version2)
        posture.disks = .observed(["/": .yes, "/boot": .no, "*": .unknown, "/media/a": Disk(.no, isRemovable: true)])
        posture.swap = .observed(.encrypted)
        posture.firewallEnabled = .observed(["ufw"])
        posture.firewallActive = .observed(["ufw": .active, "nftables": .failed])
        posture.accessControl = .observed(["apparmor": .enabled, "selinux": .permissive])
        posture.automaticUpdates = .observed(true)
        posture.packagesUpdated = .observed(Timestamp(seconds: 1_906_545_600))
        posture.rebootRequired = .unreadable(reason: "nobody says")
        posture.warp = .observed(.connected)
        return posture
    }()

    @Test("has the form that is promised, and is read as what was written")
    func golden() throws {
        #expect(String(decoding: try Wire.encode(Self.posture), as: UTF8.self) == Self.text)
        #expect(try decode(Self.text) == Self.posture)
    }

    @Test("is not reported, fact by fact, where the sender said nothing of it", arguments: ["{}", #"{"tpm":null}"#])
    func missing(text: String) throws {
        #expect(try decode(text) == Posture())
        #expect(try Wire.encode(Posture()) == Array("{}".utf8))
    }

    @Test("is not reported as a whole in a report of before there was one")
    func older() throws {
        let text = ReportWireTests.text.replacing(#""posture":"# + Self.text + ",", with: "")
        let report = try Wire.decode(Report.self, from: Array(text.utf8))
        #expect(report.facts.posture == Posture())
        #expect(report.facts.kernelHostname == .observed("laptop-1"))
    }

    @Test("of a newer sender costs the facts that are not understood, never the report, and none passes")
    func newer() throws {
        let text = """
            {"secure_boot":"measured","tpm":"3.0","swap":"remote","warp":"paused",
            "disks":{"/":"half","/a":{"encrypted":"half","removable":true,"colour":"red"},"/b":{"encrypted":"yes"}},
            "firewall_active":{"ufw":"frozen"},"access_control":{"selinux":"dreaming"},"fingerprint_reader":true}
            """
        let posture = try decode(text)
        #expect(posture.secureBoot == .unreadable(reason: "'measured' is no word of this version"))
        #expect(posture.tpm == .unreadable(reason: "'3.0' is no word of this version"))
        #expect(posture.swap == .unreadable(reason: "'remote' is no word of this version"))
        #expect(posture.warp == .unreadable(reason: "'paused' is no word of this version"))
        #expect(posture.disks == .observed(["/": .unknown, "/a": Disk(.unknown, isRemovable: true), "/b": .yes]))
        #expect(posture.firewallActive == .observed(["ufw": .unknown]))
        #expect(posture.accessControl == .observed(["selinux": .unknown]))
    }

    @Test(
        "is refused where it is wrong",
        arguments: [
            #"{"tpm":2}"#, #"{"tpm":{}}"#, #"{"tpm":{"observed":"2.0"}}"#, #"{"automatic_updates":"yes"}"#,
            #"{"disks":["/"]}"#, #"{"disks":{"/":true}}"#, #"{"disks":{"/":{}}}"#,
            #"{"disks":{"/":{"encrypted":"no","removable":"yes"}}}"#,
            #"{"disks":{"/":{"encrypted":true}}}"#, #"{"disks":{"/":[]}}"#, #"{"swap":{"unreadable":7}}"#,
            #"{"packages_updated":1.5}"#,
            #"{"packages_updated":99999999999999}"#, #"{"firewall_enabled":"ufw"}"#, "[]",
        ]
    )
    func malformed(text: String) {
        #expect(throws: WireError.self) { try decode(text) }
    }

    private func decode(_ text: String) throws -> Posture {
        try Wire.decode(Posture.self, from: Array(text.utf8))
    }
}
