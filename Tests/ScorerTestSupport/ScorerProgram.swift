internal import Foundation

/// The program `posture-scorer`, built beside the tests.
package enum ScorerProgram {
    /// Where the program is.
    package static let path = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        .appending(path: "posture-scorer").path
}
