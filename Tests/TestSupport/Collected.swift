import Synchronization

/// A list that several tasks and threads add to.
public final class Collected<Element: Sendable>: Sendable {
    private let elements = Mutex<[Element]>([])

    /// Creates an empty list.
    public init() {}

    /// What was added so far, in order.
    public var all: [Element] { elements.withLock { $0 } }

    /// Adds to the end.
    public func add(_ element: Element) { elements.withLock { $0.append(element) } }
}
