package import PostureModel

/// The boots of which a device has reported, by which two machines with one key give themselves away.
///
/// The kernel makes a boot id anew at every boot. One machine goes from one to the next; two that share a key come back to
/// ids of before, again and again. A machine that is put back to a snapshot of its memory does so too, but not often.
package struct Boots: Codable, Equatable {
    /// How many ids are remembered.
    package static let limit = 32
    /// How many new ids within ``window`` make a clone too: nobody boots as often.
    package static let newLimit = 32
    /// How many returns within ``window`` make a clone.
    package static let returnLimit = 2
    /// Seconds after which a return is forgotten.
    package static let window: Int64 = 86_400

    /// The ids, the newest last.
    package var ids: [String] = []
    /// When it came back to an id of before, in microseconds since the epoch.
    package var returns: [Int64] = []

    /// When an id came that was none of those before.
    package var news: [Int64] = []

    /// Creates the history of a device that has not reported.
    package init() {}

    /// Adds the id of a report.
    ///
    /// - Returns: whether this shows two machines.
    package mutating func add(_ id: String, at now: Timestamp) -> Bool {
        guard ids.last != id else { return false }
        let deadline = now.adding(seconds: -Self.window).microseconds
        returns.removeAll { $0 < deadline }
        let isReturn = ids.contains(id)
        ids = (ids.filter { $0 != id } + [id]).suffix(Self.limit)
        guard isReturn else {
            news = (news.filter { $0 >= deadline } + [now.microseconds]).suffix(Self.newLimit)
            return news.count >= Self.newLimit
        }
        returns = (returns + [now.microseconds]).suffix(Self.returnLimit)
        return returns.count >= Self.returnLimit
    }
}
