import Foundation

/// A list that several tasks and threads add to.
///
/// - Note: Sendable because the lock guards it. It is no `Synchronization.Mutex`: ThreadSanitizer reports those falsely.
public final class Collected<Element: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var elements: [Element] = []

    /// Creates an empty list.
    public init() {}

    /// What was added so far, in order.
    public var all: [Element] { lock.withLock { elements } }

    /// Adds to the end.
    public func add(_ element: Element) { lock.withLock { elements.append(element) } }
}
