internal import PostureModel
internal import ScorerModel

/// How two machines with one device key give themselves away.
///
/// One machine goes from one boot to the next. Two that share a key come back to earlier boots, again and again. A machine that
/// is put back to a snapshot of its memory does so too, but not often.
enum CloneDetection {
    /// How many boot ids are remembered.
    static let idLimit = 32
    /// How many new boots within ``window`` raise the alarm: no machine boots as often.
    static let newLimit = 32
    /// How many returns within ``window`` raise the alarm.
    static let returnLimit = 2
    /// Seconds after which a return is forgotten.
    static let window: Int64 = 86_400

    /// Adds the boot of a report to a history.
    ///
    /// - Parameters:
    ///   - boot: The boot id; blank for a report that does not have one, which is a boot of its own.
    ///   - history: The history of the device.
    ///   - now: When the report was received.
    /// - Returns: whether the history shows two machines.
    static func add(_ boot: String, to history: inout BootHistory, at now: Timestamp) -> Bool {
        guard history.ids.last != boot else { return false }
        let deadline = now.adding(seconds: -window).microseconds
        history.returns.removeAll { $0 < deadline }
        let isReturn = history.ids.contains(boot)
        history.ids = (history.ids.filter { $0 != boot } + [boot]).suffix(idLimit)
        guard isReturn else {
            history.news = (history.news.filter { $0 >= deadline } + [now.microseconds]).suffix(newLimit)
            return history.news.count >= newLimit
        }
        history.returns = (history.returns + [now.microseconds]).suffix(returnLimit)
        return history.returns.count >= returnLimit
    }
}
