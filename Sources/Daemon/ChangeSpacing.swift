/// How far reports of changes keep from each other: some follow at once, and where changes do not end the distance
/// doubles from report to report.
struct ChangeSpacing: Sendable {
    /// How many may follow each other at once.
    let burst: Double
    /// Seconds after which one of them is forgotten.
    let memory: Double
    /// The first distance and the longest, in seconds.
    let distances: ClosedRange<Double>
    /// The reports that are not forgotten.
    private var count = 0.0
    /// When the last one was made, and before when there is none.
    private var (last, next) = (-Double.infinity, -Double.infinity)

    init(burst: Double, memory: Double, distances: ClosedRange<Double>) {
        (self.burst, self.memory, self.distances) = (burst, memory, distances)
    }

    /// A report of a change is made.
    mutating func took(at now: Double) {
        let left = max(0, count - max(0, now - last) / memory)
        // What is beyond the longest distance is not remembered: a long storm is over as soon as a short one.
        count = min(left + 1, burst + Double((distances.upperBound / distances.lowerBound).exponent + 1))
        (last, next) = (now, now + distance)
    }

    /// It was calm for a while: the next report keeps no distance.
    mutating func calmed() { next = -.infinity }

    /// Seconds until the next may be made.
    func wait(at now: Double) -> Double { max(0, next - now) }

    private var distance: Double {
        guard count >= burst else { return 0 }
        let factor = Double(sign: .plus, exponent: Int(count - burst), significand: 1)
        return min(distances.lowerBound * factor, distances.upperBound)
    }
}
