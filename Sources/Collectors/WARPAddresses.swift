package import PostureModel

/// The IPv4 addresses of the interface `CloudflareWARP`, in dotted form and in order.
///
/// No such interface means that no WARP client runs in tunnel mode; one without an address is observed as having none.
///
/// - Source: `IFLA_IFNAME` and `IFA_LOCAL` of rtnetlink(7)
/// - SeeAlso: <https://man7.org/linux/man-pages/man7/rtnetlink.7.html>
package func warpIPv4(links source: some LinkSource) -> Observation<[String]> {
    do throws(LinkError) {
        guard let warp = try source.links().first(where: { $0.name == "CloudflareWARP" }) else {
            return .notApplicable(reason: "no interface CloudflareWARP")
        }
        let addresses = try source.addresses().filter { $0.index == warp.index }.map { $0.ipv4.firstScalars() }
        return .observed(Array(Set(addresses).sorted().prefix(Bounds.entries)))
    } catch {
        return .unreadable(reason: "\(error)")
    }
}
