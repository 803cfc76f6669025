package import PostureModel
internal import ScorerModel

extension Policy {
    /// The verdicts of a device's newest report as they count at a moment.
    ///
    /// A certificate whose key another device holds gives this one nothing.
    package func verdicts(of input: ScoringInput, trust: Trust, at now: Timestamp) -> [CheckVerdict] {
        let liveness = Liveness(at: now, staleAfter: freshness.staleAfter, outages: input.outages)
        let (record, limit) = (input.record, certificates.devicesPerCertificate)
        return trust.verdicts(of: input.report, at: now, crlGrace: certificates.crlGrace).map { verdict in
            guard let key = verdict.key, !record.mayHold(key, limit: limit, liveness) else { return verdict }
            var held = verdict
            (held.level, held.code, held.warning, held.proves) = (.none, "held_elsewhere", nil, false)
            held.reason = record.reasonNotToHold(record.holders(insteadOfOwn: key, limit: limit, liveness).first)
            return held
        }
    }

    /// The certificate keys that count for a device at a moment.
    package func heldKeys(of input: ScoringInput, at now: Timestamp) -> Set<String> {
        let liveness = Liveness(at: now, staleAfter: freshness.staleAfter, outages: input.outages)
        return input.record.heldKeys(limit: certificates.devicesPerCertificate, liveness)
    }
}

extension DeviceRecord {
    /// The sentence for a certificate whose key does not count for the device.
    fileprivate func reasonNotToHold(_ holder: DeviceID?) -> String {
        guard let holder else {
            return
                "the device gave up the certificate's key, or too many devices have it: the next report claims it again"
        }
        return
            "the certificate's key counts for the device \(holder), which proved it first and reports: issue a certificate "
            + "with a key of its own; if the machine was installed again: posture-scorer devices replace \(holder) \(device)"
    }
}
