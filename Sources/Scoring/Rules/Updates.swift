internal import PostureModel

extension Subject {
    /// Packages are updated automatically.
    func automaticUpdates() -> Judgement {
        .of(posture.automaticUpdates) { isOn in
            isOn
                ? .pass("packages are updated automatically")
                : .fail(
                    "packages are not updated automatically",
                    "enable unattended-upgrades, or dnf-automatic with apply_updates"
                )
        }
    }

    /// A package was installed, updated or removed within so many seconds.
    func packagesRecent(within: Int64) -> Judgement {
        .of(posture.packagesUpdated) { changed in
            // Judged when it came in, or time would make it better.
            guard changed.seconds(since: input.receivedAt) <= 86_400 else {
                return .unknown("packages were changed at \(changed), which is yet to come", "set the machine's clock")
            }
            let age = max(0, now.seconds(since: changed))
            return age <= within
                ? .pass("packages were last changed \(TimeSpan(seconds: age)) ago")
                : .fail(
                    "packages were last changed \(TimeSpan(seconds: age)) ago, more than \(TimeSpan(seconds: within))",
                    "update the machine's packages"
                )
        }
    }

    /// No update waits for a reboot.
    func rebootDone() -> Judgement {
        .of(posture.rebootRequired) { isRequired in
            isRequired
                ? .fail("an update waits for a reboot", "reboot the machine") : .pass("no update waits for a reboot")
        }
    }
}
