package import PostureModel

extension Facts {
    /// Looks at a host: every collector of this module, each of which answers for itself.
    ///
    /// Blocks for a few system calls, and for two seconds a table at most where the kernel does not answer;
    /// `units` has its own bound.
    ///
    /// - Source: the paths and tables of each collector
    /// - SeeAlso: <https://docs.kernel.org/admin-guide/abi.html>
    /// - Parameters:
    ///   - host: The file system to look at.
    ///   - links: The network interfaces to look at; each table is asked for once.
    ///   - units: The service manager to ask, once.
    package init(host: borrowing HostRoot, links: some LinkSource, units: some UnitSource) {
        let table = LinkTable(reading: links)
        self.init(
            serials: SerialNumbers(host: host),
            macs: host.macs(links: table),
            kernelHostname: host.kernelHostname(),
            staticHostname: host.staticHostname(),
            warpIPv4: Collectors.warpIPv4(links: table),
            osRelease: host.osRelease(),
            kernelRelease: host.kernelRelease(),
            machineID: host.machineID(),
            bootID: host.bootID(),
            uptime: host.uptime(),
            posture: Posture(host: host, links: table, units: UnitTable(reading: units))
        )
    }
}

extension Posture {
    /// Looks at what protects a host.
    init(host: borrowing HostRoot, links: some LinkSource, units: some UnitSource) {
        self.init()
        secureBoot = host.secureBoot()
        tpm = host.tpm()
        disks = host.disks()
        swap = host.swap()
        firewallEnabled = host.firewallEnabled()
        firewallActive = host.firewallActive(units: units)
        accessControl = host.accessControl()
        automaticUpdates = host.automaticUpdates()
        packagesUpdated = host.packagesUpdated()
        rebootRequired = host.rebootRequired()
        warp = host.warp(links: links, units: units)
    }
}
