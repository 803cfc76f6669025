/// Everything that the agent saw of the host, fact by fact.
///
/// All of it is what the machine's root says of the machine: a claim, signed by the device.
public struct Facts: Sendable, Equatable {
    /// The serial numbers of DMI, each under its source.
    public var serials: SerialNumbers
    /// The hardware addresses of the physical network interfaces: of each the permanent one and, where it differs, the
    /// current one.
    public var macs: Observation<[MACAddress]>
    /// The host name that the kernel has now.
    public var kernelHostname: Observation<String>
    /// The host name of `/etc/hostname`.
    public var staticHostname: Observation<String>
    /// The IPv4 addresses of the interface `CloudflareWARP`, in dotted form.
    public var warpIPv4: Observation<[String]>
    /// The operating system, from os-release(5).
    public var osRelease: Observation<OSRelease>
    /// The kernel release, as `uname -r` prints it.
    public var kernelRelease: Observation<String>
    /// The application-specific machine id: machine-id(5) itself never leaves the machine.
    public var machineID: Observation<String>
    /// The id of this boot, a UUID.
    public var bootID: Observation<String>
    /// Seconds since this boot, those asleep included: `CLOCK_BOOTTIME`.
    public var uptime: Observation<Int64>
    /// What protects the machine.
    public var posture: Posture

    /// Creates the facts of one host.
    public init(
        serials: SerialNumbers,
        macs: Observation<[MACAddress]>,
        kernelHostname: Observation<String>,
        staticHostname: Observation<String>,
        warpIPv4: Observation<[String]>,
        osRelease: Observation<OSRelease>,
        kernelRelease: Observation<String>,
        machineID: Observation<String>,
        bootID: Observation<String>,
        uptime: Observation<Int64>,
        posture: Posture = Posture()
    ) {
        self.serials = serials
        self.macs = macs
        self.kernelHostname = kernelHostname
        self.staticHostname = staticHostname
        self.warpIPv4 = warpIPv4
        self.osRelease = osRelease
        self.kernelRelease = kernelRelease
        self.machineID = machineID
        self.bootID = bootID
        self.uptime = uptime
        self.posture = posture
    }
}

extension Facts: Codable {
    private enum CodingKeys: String, CodingKey {
        case serials, macs, uptime, posture
        case kernelHostname = "kernel_hostname"
        case staticHostname = "static_hostname"
        case warpIPv4 = "warp_ipv4"
        case osRelease = "os_release"
        case kernelRelease = "kernel_release"
        case machineID = "machine_id"
        case bootID = "boot_id"
    }

    /// Reads the wire form.
    public init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            serials: try object.decode(SerialNumbers.self, forKey: .serials),
            macs: try object.observation(.macs),
            kernelHostname: try object.observation(.kernelHostname),
            staticHostname: try object.observation(.staticHostname),
            warpIPv4: try object.observation(.warpIPv4),
            osRelease: try object.observation(.osRelease),
            kernelRelease: try object.observation(.kernelRelease),
            machineID: try object.observation(.machineID),
            bootID: try object.observation(.bootID),
            uptime: try object.observation(.uptime),
            posture: try object.decodeIfPresent(Posture.self, forKey: .posture) ?? Posture()
        )
    }

    /// Writes the wire form; what was not reported is left out.
    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(serials, forKey: .serials)
        try object.encode(observation: macs, forKey: .macs)
        try object.encode(observation: kernelHostname, forKey: .kernelHostname)
        try object.encode(observation: staticHostname, forKey: .staticHostname)
        try object.encode(observation: warpIPv4, forKey: .warpIPv4)
        try object.encode(observation: osRelease, forKey: .osRelease)
        try object.encode(observation: kernelRelease, forKey: .kernelRelease)
        try object.encode(observation: machineID, forKey: .machineID)
        try object.encode(observation: bootID, forKey: .bootID)
        try object.encode(observation: uptime, forKey: .uptime)
        try object.encode(posture, forKey: .posture)
    }
}

/// What os-release(5) says of the operating system; a field that it lacks is nil.
public struct OSRelease: Sendable, Equatable, Codable {
    /// `ID`, such as `debian`; os-release(5) defaults it to `linux`.
    public var id: String
    /// `VERSION_ID`, such as `12`.
    public var versionID: String?
    /// `PRETTY_NAME`, such as `Debian GNU/Linux 12 (bookworm)`.
    public var prettyName: String?

    /// Creates the description of an operating system.
    public init(id: String, versionID: String? = nil, prettyName: String? = nil) {
        self.id = id
        self.versionID = versionID
        self.prettyName = prettyName
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case versionID = "version_id"
        case prettyName = "pretty_name"
    }
}

extension Facts {
    /// Every member and its bound: the table of docs/wire-format.md.
    mutating func inspect(_ look: inout MemberInspector) {
        let text = Bound.text(MemberInspector.textLimit)
        func serial(_ name: String, _ serial: inout Observation<SerialNumber>) {
            look.observation("facts.serials.\(name)", &serial) { serial, look in
                look.value("facts.serials.\(name).value", serial.value, text)
                look.closed("facts.serials.\(name).junk", "passed over")
            }
        }
        serial("product_serial", &serials.product)
        serial("board_serial", &serials.board)
        serial("chassis_serial", &serials.chassis)
        look.observation("facts.macs", &macs) { macs, look in
            look.value("facts.macs", macs.count, .entries(64))
            look.closed("facts.macs.address", "six octets")
            // IFNAMSIZ of net/if.h, with its NUL.
            for mac in macs { look.value("facts.macs.interface", mac.interface, .text(15)) }
            look.closed("facts.macs.source", "a word of the table above")
            look.closed("facts.macs.locally_administered", "passed over")
        }
        look.observation("facts.kernel_hostname", &kernelHostname, text)
        look.observation("facts.static_hostname", &staticHostname, text)
        look.observation("facts.warp_ipv4", &warpIPv4) { addresses, look in
            look.value("facts.warp_ipv4", addresses.count, .entries(256))
            for address in addresses { look.value("facts.warp_ipv4", address, .ipv4) }
        }
        look.observation("facts.os_release", &osRelease) { osRelease, look in
            look.value("facts.os_release.id", osRelease.id, text)
            look.value("facts.os_release.version_id", osRelease.versionID ?? "", text)
            look.value("facts.os_release.pretty_name", osRelease.prettyName ?? "", text)
        }
        look.observation("facts.kernel_release", &kernelRelease, text)
        look.observation("facts.machine_id", &machineID, .machineID)
        look.observation("facts.boot_id", &bootID, .uuid)
        look.observation("facts.uptime", &uptime) { $1.value("facts.uptime", $0, .uptime) }
        posture.inspect(&look)
    }
}
