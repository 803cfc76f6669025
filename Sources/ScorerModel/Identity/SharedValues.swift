internal import PostureModel

/// MAC addresses and host names that many machines have: they tell no machine apart, and so never agree.
///
/// Some are built in, and operators add others. Reports add none: a device could take the worth from another one's.
package struct SharedValues: Sendable, Equatable {
    /// MAC addresses, or their beginnings with a `*` at the end, in lower case with colons.
    package var macs: Set<String>
    /// Short host names in lower case.
    package var hostnames: Set<String>

    /// Creates a list of an operator's values; the built-in ones count as well.
    package init(macs: Set<String> = [], hostnames: Set<String> = []) {
        (self.macs, self.hostnames) = (macs, hostnames)
    }

    /// The values that are built in.
    private static let builtIn = SharedValues(
        macs: [
            // The interface to the coprocessor of every Apple computer with a T2.
            "ac:de:48:00:11:22",
            // Modems that call themselves an Ethernet adapter, all of a model alike (Huawei HiLink and others).
            "0c:5b:8f:27:9a:64", "58:2c:80:13:92:63", "00:1e:10:1f:00:00", "34:4b:50:00:00:00", "00:a0:c6:00:00:00",
            // Adapters that hypervisors give to every host.
            "0a:00:27:00:00:00", "00:50:56:c0:00:01", "00:50:56:c0:00:08",
            // Containers count their addresses up on every host.
            "02:42:*",
            // What drivers and firmware leave where no address was programmed.
            "00:00:00:*", "00:11:22:33:44:55", "00:01:02:03:04:05", "02:00:00:00:00:00", "12:34:56:78:9a:bc",
            "00:e0:4c:68:00:01", "00:e0:4c:36:00:01", "00:e0:4c:53:44:58", "00:13:ef:00:00:00",
            "de:ad:be:ef:*", "ff:ff:ff:ff:ff:ff",
        ],
        hostnames: [
            // Names that installers, live media and images leave.
            "alarm", "almalinux", "alpine", "amazonlinux", "arch", "archiso", "archlinux", "armbian", "cachyos",
            "centos",
            "deepin", "devuan", "dietpi", "elementary", "endeavouros", "endless", "fedora", "freebsd", "garuda",
            "gentoo",
            "kali", "kubuntu", "linux", "linuxmint", "localhost-live", "manjaro", "mint", "mx", "nixos", "odroid",
            "opensuse", "orangepi", "parrot", "pop-os", "popos", "raspberrypi", "rhel", "rocky", "rockylinux",
            "slackware",
            "sles", "solus", "steamdeck", "suse", "tuxedo", "tuxedoos", "void", "voidlinux", "xubuntu", "zorin",
            "debian", "debian10", "debian11", "debian12", "debian13", "ubuntu", "ubuntu-server", "ubuntu-desktop",
            "ubuntu1804", "ubuntu2004", "ubuntu2204", "ubuntu2404", "unassigned-hostname", "unassigned-domain",
            // Names that people give to whatever they install.
            "admin", "client", "computer", "default", "desktop", "dev", "home", "host", "hostname", "instance",
            "laptop",
            "machine", "new-host", "notebook", "pc", "server", "template", "test", "user", "vagrant", "virtualbox",
            "vm",
            "vmware", "workstation",
        ]
    )

    /// Whether an address in the form of ``MACAddress/normalised(_:)`` is one that many machines have.
    package func contains(mac: String) -> Bool { Self.builtIn.has(mac) || has(mac) }

    /// Whether a short host name is one that many machines have.
    package func contains(hostname: String) -> Bool {
        Hostname(hostname)?.isPlaceholder != false || Self.builtIn.hostnames.contains(hostname)
            || hostnames.contains(hostname)
    }

    private func has(_ mac: String) -> Bool {
        macs.contains(mac) || macs.contains { $0.hasSuffix("*") && mac.hasPrefix($0.dropLast()) }
    }
}
