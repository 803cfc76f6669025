internal import PostureModel

extension Subject {
    /// The firmware gives a serial number, which is no other device's.
    func serialKnown() -> Judgement {
        if let best = facts.serials.labelledBest {
            if case .another(let sentence) = evidence.standing.serial {
                return .fail(sentence, "if it is this machine's, settle it: posture-scorer devices resolve")
            }
            guard best.part != .product else { return .pass("the firmware gives a serial number") }
            return .pass("the firmware gives a serial number of the \(best.part.rawValue); that of the product is none")
        }
        switch facts.serials.product {
        case .observed(let serial):
            return .fail(
                "no serial number: the serial number is junk (\(serial.junkReason ?? "junk"))",
                "set it in the firmware, with the vendor's tool"
            )
        case .notApplicable(let reason): return .notApplicable("no serial number: \(reason.bounded())")
        case .unreadable(let reason): return .unknown("no serial number: \(reason.bounded())")
        }
    }
}
