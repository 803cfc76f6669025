import CLinuxShims
import Collectors
import Glibc

/// Notices changes of links and addresses of this network namespace.
///
/// - Source: the multicast groups `RTMGRP_LINK`, `RTMGRP_IPV4_IFADDR` and `RTMGRP_IPV6_IFADDR`
/// - SeeAlso: <https://man7.org/linux/man-pages/man7/rtnetlink.7.html>
struct NetworkChanges {
    let descriptor: Descriptor
    private var state = NetworkState()

    /// Subscribes, and then asks what there is: whatever changes after this is noticed.
    init() throws(Unwatched) {
        descriptor = try Descriptor(owning: CLinuxShims_netlink_subscribe(), of: "rtnetlink")
        reload()
    }

    /// Takes what has come, and says whether anything changed.
    ///
    /// Messages that were lost or cut may have said so: then it is asked again what there is.
    mutating func changed() -> Bool {
        var changed = false
        var isLost = false
        var buffer = [UInt8](repeating: 0, count: 32_768)
        // A flood is taken in portions; poll(2) says that there is more.
        for _ in 0..<512 {
            let count = unsafe CLinuxShims_netlink_receive(descriptor.number, &buffer, buffer.count)
            if count == -Int(EAGAIN) { break }
            if count < 0 { isLost = true } else if state.apply(buffer.span.extracting(first: count)) { changed = true }
        }
        if isLost { reload() }
        return changed || isLost
    }

    /// Replaces what is known by the kernel's tables; one that cannot be had is empty, so that all of it is a change.
    private mutating func reload() {
        state = NetworkState()
        for (table, type) in [("links", CLinuxShims_RTM_GETLINK), ("addresses", CLinuxShims_RTM_GETADDR)] {
            guard let dump = try? Netlink().ask(table, type, CLinuxShims_AF_UNSPEC) else { continue }
            _ = state.apply(dump.span)
        }
    }
}
