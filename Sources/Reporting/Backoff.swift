/// How long to wait before trying again: exponential, with full jitter, up to a ceiling.
///
/// Full jitter draws from the whole of `0…limit`, which spreads a fleet best when its scorer comes back.
package struct Backoff: Sendable {
    /// Seconds up to which the first wait is drawn.
    package let base: Double
    /// Seconds that no wait exceeds.
    package let ceiling: Double
    /// How many failures it has seen.
    package private(set) var failures: Int

    /// Creates a back-off that has seen so many failures.
    package init(base: Double = 5, ceiling: Double = 900, failures: Int = 0) {
        self.base = base
        self.ceiling = ceiling
        self.failures = failures
    }

    /// The wait after a further failure, in seconds.
    package mutating func next(using generator: inout some RandomNumberGenerator) -> Double {
        let limit = min(ceiling, base * Double(sign: .plus, exponent: min(failures, 30), significand: 1))
        failures += 1
        return Double.random(in: 0...limit, using: &generator)
    }

    /// Forgets all failures.
    package mutating func reset() {
        failures = 0
    }
}
