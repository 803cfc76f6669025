internal import PostureModel

extension Subject {
    /// A firewall is started at boot.
    func firewallEnabled() -> Judgement {
        .of(posture.firewallEnabled) { names in
            names.isEmpty
                ? .fail("no firewall is enabled at boot", "enable one: ufw enable, or systemctl enable firewalld")
                : .pass("enabled at boot: \(few(names))")
        }
    }

    /// A firewall's service is active.
    func firewallActive() -> Judgement {
        .of(posture.firewallActive) { states in
            let active = states.filter { $0.value == .active }.keys
            if !active.isEmpty { return .pass("active: \(few(Array(active)))") }
            // It may be active in a moment, or a state that this version does not know.
            let open = states.filter { $0.value == .changing || $0.value == .unknown }.keys
            if !open.isEmpty { return .unknown("cannot tell whether it is active: \(few(Array(open)))") }
            return .fail(
                states.isEmpty ? "no firewall that is known is installed" : "not active: \(few(Array(states.keys)))",
                "start one: ufw enable, or systemctl enable --now firewalld"
            )
        }
    }

    /// The WARP client has its tunnel.
    func warpConnected() -> Judgement {
        .of(posture.warp) { state in
            switch state {
            case .connected: .pass("WARP is connected")
            case .disconnected: .fail("WARP is not connected", "connect it: warp-cli connect")
            case .stopped: .fail("WARP's service does not run", "start it: systemctl enable --now warp-svc")
            }
        }
    }
}
