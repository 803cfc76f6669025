/// Goes through the members of a message, each with its bound: looks whether all of them hold, or makes them hold.
///
/// A value that is beyond its bound becomes *unreadable* where that can be said, so that it never counts as a pass; texts for
/// people are cut.
package struct MemberInspector {
    /// The first member that is beyond its bound; nil if there is none, and where they are mended.
    package private(set) var excess: MemberExcess?
    /// Every member that was looked at, with its bound in words, in the order of the message.
    package private(set) var seen: [(member: String, bound: String)] = []
    let mends: Bool

    init(mends: Bool) { self.mends = mends }

    /// Says of a member that its type has one form alone, which is asked for where it is read.
    mutating func closed(_ member: String, _ form: String) { seen.append((member, form)) }

    /// Looks at a value that cannot be mended.
    mutating func value<Value>(_ member: String, _ value: Value, _ bound: Bound<Value>) {
        seen.append((member, bound.text))
        if !mends, excess == nil, !bound.holds(value) { excess = MemberExcess(member: member, bound: bound.text) }
    }

    /// Looks at a text for people, or cuts it.
    mutating func text(_ member: String, _ text: inout String, limit: Int) {
        seen.append((member, Bound.text(limit).text))
        cut(member, &text, limit)
    }

    /// Looks at a reason, or cuts it: all have one bound.
    mutating func reason(_ member: String, _ text: inout String) { cut(member, &text, Self.reasonLimit) }

    private mutating func cut(_ member: String, _ text: inout String, _ limit: Int) {
        guard !Bound.text(limit).holds(text) else { return }
        if !mends {
            excess = excess ?? MemberExcess(member: member, bound: Bound.text(limit).text)
        } else {
            text = String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit)))
        }
    }

    /// Looks at a list, or leaves out what is beyond its bound.
    mutating func list<Element>(
        _ member: String,
        _ list: inout [Element],
        limit: Int,
        _ inspect: (inout Element, inout MemberInspector) -> Void
    ) {
        value(member, list.count, .entries(limit))
        if mends { list = Array(list.prefix(limit)) }
        for index in list.indices { inspect(&list[index], &self) }
    }

    /// Looks at an observation; what `inspect` finds to be beyond its bound makes it unreadable.
    mutating func observation<Value>(
        _ member: String,
        _ observation: inout Observation<Value>,
        _ inspect: (Value, inout MemberInspector) -> Void
    ) {
        switch observation {
        case .observed(let value):
            var inner = MemberInspector(mends: false)
            inspect(value, &inner)
            seen += inner.seen
            guard let excess = inner.excess else { return }
            if mends { observation = .unreadable(reason: "it cannot be reported: \(excess)") }
            self.excess = self.excess ?? (mends ? nil : excess)
        case .notApplicable(var reason):
            self.reason(member, &reason)
            observation = .notApplicable(reason: reason)
        case .unreadable(var reason):
            self.reason(member, &reason)
            observation = .unreadable(reason: reason)
        case .notReported: break
        }
    }

    /// Looks at an observation of one text.
    mutating func observation(_ member: String, _ text: inout Observation<String>, _ bound: Bound<String>) {
        observation(member, &text) { $1.value(member, $0, bound) }
    }

    /// Looks at an observation whose type has one form alone.
    mutating func observation<Value>(_ member: String, _ word: inout Observation<Value>, closed form: String) {
        observation(member, &word) { $1.closed(member, form) }
    }

    /// Characters of a reason.
    private static let reasonLimit = 1000
    /// Characters of a text that the kernel, the firmware or a file of the system gives: what collectors cut to.
    static let textLimit = 256
}
