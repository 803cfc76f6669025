internal import PostureModel

extension Subject {
    /// AppArmor or SELinux is in force.
    ///
    /// AppArmor tells its mode only to `CAP_MAC_ADMIN`, which the collector lacks: it passes if it is enabled.
    func accessControl() -> Judgement {
        .of(posture.accessControl) { modes in
            let inForce = modes.filter { $0.value == .enforcing || $0.value == .enabled }
            if !inForce.isEmpty { return .pass(words(inForce)) }
            if modes.values.contains(.unknown) { return .unknown("cannot read the mode: \(words(modes))") }
            return .fail(
                modes.isEmpty ? "neither AppArmor nor SELinux is in force" : "not in force: \(words(modes))",
                "enable AppArmor (aa-enabled(1)) or SELinux (setenforce 1)"
            )
        }
    }

    private func words(_ modes: [String: AccessControlMode]) -> String {
        few(modes.map { "\($0.key.bounded()) \($0.value.rawValue)" })
    }
}
