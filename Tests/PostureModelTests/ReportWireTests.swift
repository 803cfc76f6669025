import PostureModel
import Testing

@Suite("A report on the wire")
struct ReportWireTests {
    static let device = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"

    /// The form that `docs/wire-format.md` promises, byte for byte.
    static let text = [
        #"{"agent":"postured/0.1.0","audience":"https://scorer.acme.test","checks":["#,
        #"{"certificate":{"found":{"private_key":"present","sha256":"abc","x5c":["AQID","//79"]}},"id":"laptop"},"#,
        #"{"certificate":{"found":{"private_key":"absent","sha256":"def"}},"id":"mail"},"#,
        #"{"certificate":{"found":{"private_key":"unreadable","private_key_unreadable":"locked","sha256":"ghi"}},"#,
        #""id":"vpn"},"#,
        #"{"certificate":{"not_found":"none of that name"},"id":"wifi"},"#,
        #"{"certificate":{"unreadable":"permission denied"},"id":"wired"}],"#,
        #""collected_at":1906545600,"device":"NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs","facts":{"#,
        #""boot_id":{"observed":"b0071d00-0000-4000-8000-000000000001"},"kernel_hostname":{"observed":"laptop-1"},"#,
        #""kernel_release":{"observed":"6.1.0-30-amd64"},"machine_id":{"unreadable":"no /etc/machine-id"},"#,
        #""macs":{"observed":[{"address":"74:1d:3e:23:e0:fe","interface":"enp0s31f6","source":"permanent"},"#,
        #"{"address":"02:00:00:00:00:01","interface":"wlan0","locally_administered":true,"source":"current"}]},"#,
        #""os_release":{"observed":{"id":"debian","pretty_name":"Debian GNU/Linux 12 (bookworm)","version_id":"12"}},"#,
        #""posture":"# + PostureWireTests.text + ",",
        #""serials":{"board_serial":{"not_applicable":"no DMI"},"chassis_serial":{"unreadable":"permission denied"},"#,
        #""product_serial":{"observed":{"junk":"one character repeated","value":"0000"}}},"#,
        #""static_hostname":{"observed":"laptop-ü"},"uptime":{"observed":86400},"#,
        #""warp_ipv4":{"not_applicable":"no interface CloudflareWARP"}},"receipt":"r1","schema":2,"#,
        #""warp_ids":{"observed":{"ids":["w1"],"read_at":1906545599}}}"#,
    ].joined()

    static func report() throws -> Report {
        Report(
            device: try #require(DeviceID(rawValue: device)),
            audience: "https://scorer.acme.test",
            agent: "postured/0.1.0",
            collectedAt: Timestamp(seconds: 1_906_545_600),
            facts: try facts(),
            warpIDs: .observed(WARPIDs(ids: ["w1"], readAt: Timestamp(seconds: 1_906_545_599))),
            checks: [
                CheckFinding(id: "laptop", certificate: found("abc", .present, [[1, 2, 3], [0xff, 0xfe, 0xfd]])),
                CheckFinding(id: "mail", certificate: found("def", .absent)),
                CheckFinding(id: "vpn", certificate: found("ghi", .unreadable(reason: "locked"))),
                CheckFinding(id: "wifi", certificate: .notFound(reason: "none of that name")),
                CheckFinding(id: "wired", certificate: .unreadable(reason: "permission denied")),
            ],
            receipt: "r1"
        )
    }

    private static func found(
        _ fingerprint: String,
        _ key: PrivateKeyPresence,
        _ chain: [[UInt8]] = []
    ) -> CheckFinding.Finding {
        .found(FoundCertificate(fingerprint: fingerprint, privateKey: key, chain: chain))
    }

    private static func facts() throws -> Facts {
        let burntIn = MACAddress(
            octets: [0x74, 0x1d, 0x3e, 0x23, 0xe0, 0xfe],
            interface: "enp0s31f6",
            source: .permanent
        )
        let madeUp = MACAddress(octets: [2, 0, 0, 0, 0, 1], interface: "wlan0", source: .current)
        return Facts(
            serials: SerialNumbers(
                product: .observed(SerialNumber("0000")),
                board: .notApplicable(reason: "no DMI"),
                chassis: .unreadable(reason: "permission denied")
            ),
            macs: .observed([try #require(burntIn), try #require(madeUp)]),
            kernelHostname: .observed("laptop-1"),
            staticHostname: .observed("laptop-ü"),
            warpIPv4: .notApplicable(reason: "no interface CloudflareWARP"),
            osRelease: .observed(
                OSRelease(id: "debian", versionID: "12", prettyName: "Debian GNU/Linux 12 (bookworm)")
            ),
            kernelRelease: .observed("6.1.0-30-amd64"),
            machineID: .unreadable(reason: "no /etc/machine-id"),
            bootID: .observed("b0071d00-0000-4000-8000-000000000001"),
            uptime: .observed(86400),
            posture: PostureWireTests.posture
        )
    }

    @Test("has the form that is promised, byte for byte")
    func golden() throws {
        #expect(String(decoding: try Wire.encode(Self.report()), as: UTF8.self) == Self.text)
    }

    @Test("is read as what was written")
    func roundTrip() throws {
        #expect(try Wire.decode(Report.self, from: Array(Self.text.utf8)) == Self.report())
    }

    @Test("may have keys that nobody knows, and white space")
    func unknownKeys() throws {
        let text = Self.text
            .replacing(#""schema":2"#, with: "\"schema\" : 2 ,\n \"new\": {\"a\": [null, 1.5e300, true]}")
            .replacing(#"{"not_applicable":"no DMI"}"#, with: #"{"not_applicable":"no DMI","since":12}"#)
            .replacing(#""id":"mail""#, with: #""id":"mail","more":[]"#)
        #expect(try Wire.decode(Report.self, from: Array(text.utf8)) == Self.report())
    }

    @Test(
        "without a fact has it as not reported, and is written without it",
        arguments: [
            #""boot_id":{"observed":"b0071d00-0000-4000-8000-000000000001"},"#,
            #""kernel_hostname":{"observed":"laptop-1"},"#,
            #""kernel_release":{"observed":"6.1.0-30-amd64"},"#,
            #""machine_id":{"unreadable":"no /etc/machine-id"},"#,
            #""static_hostname":{"observed":"laptop-ü"},"#,
            #""board_serial":{"not_applicable":"no DMI"},"#, #""uptime":{"observed":86400},"#,
        ]
    )
    func missing(member: String) throws {
        var expected = try Self.report()
        switch member.split(separator: "\"").first {
        case "boot_id": expected.facts.bootID = .notReported
        case "kernel_hostname": expected.facts.kernelHostname = .notReported
        case "kernel_release": expected.facts.kernelRelease = .notReported
        case "machine_id": expected.facts.machineID = .notReported
        case "uptime": expected.facts.uptime = .notReported
        case "static_hostname": expected.facts.staticHostname = .notReported
        default: expected.facts.serials.board = .notReported
        }
        let name = try #require(member.split(separator: ":").first)
        for replacement in ["", "\(name):null,"] {
            let text = Self.text.replacing(member, with: replacement)
            #expect(try Wire.decode(Report.self, from: Array(text.utf8)) == expected)
        }
        #expect(String(decoding: try Wire.encode(expected), as: UTF8.self) == Self.text.replacing(member, with: ""))
    }

    @Test(
        "is refused where it is wrong, in a sentence that names the key",
        arguments: [
            (#""schema":2,"#, "", "lacks 'schema'"),
            (#""schema":2"#, #""schema":"1""#, "has another type than expected at 'schema'"),
            // Foundation does not say where a number stands that does not fit.
            (#""schema":2"#, #""schema":2.5"#, "is not JSON"),
            (#""schema":2"#, #""schema":null"#, "'schema'"),
            (#""schema":2"#, #""schema":99999999999999999999"#, "is not JSON"),
            (#""collected_at":1906545600"#, #""collected_at":"2030-06-01""#, "'collected_at'"),
            (#""collected_at":1906545600"#, #""collected_at":1e30"#, "is not JSON"),
            (#""device":"Nzb"#, #""device":"Nz"#, "is wrong at 'device': not a SHA-256 thumbprint"),
            (#""warp_ids":{"observed":{"#, #""warp_ids":{"seen":{"#, "'warp_ids'"),
            (#""ids":["w1"]"#, #""ids":"w1""#, "'warp_ids.observed.ids'"),
            (#","read_at":1906545599"#, "", "lacks 'warp_ids.observed.read_at'"),
            (#""read_at":1906545599"#, #""read_at":"now""#, "'warp_ids.observed.read_at'"),
            (#""receipt":"r1""#, #""receipt":7"#, "'receipt'"),
            (#""uptime":{"observed":86400}"#, #""uptime":{"observed":"1d"}"#, "'facts.uptime.observed'"),
            (#""facts":{"#, #""acts":{"#, "lacks 'facts'"),
            (#"{"observed":"laptop-1"}"#, "{}", "is wrong at 'facts.kernel_hostname'"),
            (#"{"observed":"laptop-1"}"#, #"{"observed":"a","unreadable":"b"}"#, "'facts.kernel_hostname'"),
            (#"{"observed":"laptop-1"}"#, #"{"seen":"a"}"#, "exactly one of observed, not_applicable, unreadable"),
            (#"{"observed":"laptop-1"}"#, #""laptop-1""#, "'facts.kernel_hostname'"),
            (#"{"observed":"laptop-1"}"#, #"{"observed":7}"#, "'facts.kernel_hostname.observed'"),
            ("74:1d", "74:1g", "not a hardware address"),
            (#"{"not_found":"none of that name"}"#, "{}", "a finding has exactly one of found, not_found, unreadable"),
            (#""AQID""#, #""AQI*""#, "not base64, or too long"),
            (#""AQID""#, #""AQID","","","","","","","","","""#, "not base64, or too long"),
            (#""sha256":"abc""#, #""sha257":"abc""#, "lacks 'checks."),
        ]
    )
    func malformed(part: String, replacement: String, words: String) throws {
        let text = Self.text.replacing(part, with: replacement)
        #expect(text != Self.text)
        let error = #expect(throws: WireError.self) { try Wire.decode(Report.self, from: Array(text.utf8)) }
        #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    }
}
