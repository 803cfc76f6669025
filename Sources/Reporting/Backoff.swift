/// How long to wait before trying again: exponential, with full jitter, up to a ceiling.
///
/// Full jitter draws from the whole of `0…limit`, which spreads a fleet best when its scorer comes back.
public struct Backoff: Sendable {
    /// Seconds up to which the first wait is drawn.
    public let base: Double
    /// Seconds that no wait exceeds.
    public let ceiling: Double
    private var failures = 0

    /// Creates a back-off that has seen no failure.
    public init(base: Double = 5, ceiling: Double = 900) {
        self.base = base
        self.ceiling = ceiling
    }

    /// The wait after a further failure, in seconds.
    public mutating func next(using generator: inout some RandomNumberGenerator) -> Double {
        let limit = min(ceiling, base * Double(sign: .plus, exponent: min(failures, 30), significand: 1))
        failures += 1
        return Double.random(in: 0...limit, using: &generator)
    }

    /// Forgets all failures.
    public mutating func reset() {
        failures = 0
    }
}
