internal import PostureModel
internal import ScorerModel

extension Subject {
    /// The firmware gives a serial number, which is no other device's.
    func serialKnown() -> Judgement {
        if let best = facts.serials.labelledBest {
            if let judgement = serialOfAnother() { return judgement }
            guard best.part != .product else { return .pass("the firmware gives a serial number") }
            return .pass("the firmware gives a serial number of the \(best.part.rawValue), and none of the product")
        }
        switch facts.serials.product {
        case .observed(let serial):
            return .fail(
                "no serial number: the serial number is junk (\(serial.junkReason ?? "junk"))",
                "set it in the firmware, with the vendor's tool"
            )
        case .notApplicable(let reason): return .notApplicable("no serial number: \(reason.bounded())")
        case .unreadable(let reason): return .unknown("no serial number: \(reason.bounded())")
        case .notReported: return .unknown("no serial number: not in the report")
        }
    }

    /// The judgement where the serial number is not the device's own; nil where it is, or there is none.
    private func serialOfAnother() -> Judgement? {
        let record = input.record
        let serial = record.serial ?? ""
        let advice: @Sendable () -> String = {
            "if this is its machine, an operator runs 'posture-scorer conflicts resolve \(record.device)'"
        }
        switch record.serialHolder(verdicts) {
        case .noSerial, .thisDevice: return nil
        case .anotherDevice: return .fail("the serial number \(serial) belongs to another device", advice())
        case .contradicted:
            return .fail("the inventory expects another certificate for the serial number \(serial)", advice())
        }
    }
}
