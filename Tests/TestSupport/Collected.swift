import Foundation

/// A list that several tasks and threads add to.
///
/// - Note: Sendable because the lock guards it. It is no `Synchronization.Mutex`: ThreadSanitizer reports those falsely.
package final class Collected<Element: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var elements: [Element] = []

    /// Creates an empty list.
    package init() {}

    /// What was added so far, in order.
    package var all: [Element] { lock.withLock { elements } }

    /// Adds to the end.
    package func add(_ element: Element) { lock.withLock { elements.append(element) } }
}
