import Glibc
package import PostureModel

extension HostRoot {
    /// Looks whether the WARP client is connected: its service is active, and its interface has an address.
    ///
    /// In its modes without a tunnel there is no interface, and so it counts as disconnected.
    ///
    /// - Source: `ActiveState` of `warp-svc.service`, the interface `CloudflareWARP`, `/usr/bin/warp-cli`
    /// - SeeAlso: <https://developers.cloudflare.com/cloudflare-one/connections/connect-devices/warp/>
    package borrowing func warp(links: some LinkSource, units: some UnitSource) -> Observation<WARPState> {
        do throws(HostReadError) {
            let addresses = warpIPv4(links: links)
            let isInstalled = try contains("usr/bin/warp-cli")
            let state: UnitState?
            do throws(UnitError) { state = try units.states(of: [UnitTable.warp])[UnitTable.warp] } catch {
                // Without its program and its interface there is no client, whoever does not answer.
                if !isInstalled, case .notApplicable = addresses { return .notApplicable(reason: "no WARP client") }
                return .unreadable(reason: "\(error)")
            }
            switch (state, addresses) {
            case (.active, .observed(let some)) where !some.isEmpty: return .observed(.connected)
            case (.active, .observed), (.active, .notApplicable): return .observed(.disconnected)
            case (.active, .unreadable(let reason)): return .unreadable(reason: reason)
            case (.unknown, _): return .unreadable(reason: "\(UnitTable.warp): its state makes no sense")
            case (nil, _): return isInstalled ? .observed(.stopped) : .notApplicable(reason: "no WARP client")
            default: return .observed(.stopped)
            }
        } catch {
            return Observation(error)
        }
    }
}
