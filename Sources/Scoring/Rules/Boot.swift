internal import PostureModel

extension Subject {
    /// The firmware starts only what is signed.
    func secureBoot() -> Judgement {
        .of(posture.secureBoot) { state in
            switch state {
            case .enabled: .pass("Secure Boot is enabled")
            case .disabled: .fail("Secure Boot is disabled", "enable it in the firmware's set-up")
            case .setup:
                .fail("Secure Boot is in setup mode: it enforces nothing", "enrol its keys in the firmware's set-up")
            }
        }
    }

    /// The machine has a TPM, of whichever version.
    func tpmPresent() -> Judgement {
        .of(posture.tpm) { tpm in
            switch tpm {
            case .version2, .version1: .pass("TPM \(tpm.rawValue)")
            case .none: .fail("no TPM", "enable it in the firmware's set-up, or give the virtual machine one")
            }
        }
    }
}
