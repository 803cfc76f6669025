internal import DeviceIdentity
package import PostureModel
internal import Scoring

/// What has come in since the start, counted for monitoring.
package actor RequestCounters {
    /// What is asked of the scorer from outside.
    package enum Request: String, CaseIterable {
        case report, registration, cloudflare
    }

    /// How Cloudflare's devices were found.
    package enum Match: String, CaseIterable {
        case warpID = "warp_id"
        case serialNumber = "serial_number"
        case none
    }

    /// What a report changed for others.
    package enum Binding: String, CaseIterable {
        /// It claims what is another's, and does not get it.
        case refused
        /// It has the better claim to what was another's, and gets it.
        case taken
        /// It comes from the second of two machines with one key.
        case cloned
    }

    /// How often; the key's outcome is nil for a request that was answered as it should be.
    package struct Counts: Sendable, Equatable {
        package var requests: [Key: Int] = [:]
        package var matches: [Match: Int] = [:]
        package var bindings: [Binding: Int] = [:]

        package struct Key: Hashable {
            package var request: Request
            package var outcome: Problem.Kind?

            /// Creates a key.
            package init(request: Request, outcome: Problem.Kind?) { (self.request, self.outcome) = (request, outcome) }
        }
    }

    package private(set) var counts = Counts()

    /// Does what was asked, and counts what became of it.
    package nonisolated func counting<Answer>(_ request: Request, _ answer: () async throws -> Answer) async throws
        -> Answer
    {
        do {
            let answer = try await answer()
            await count(request, nil)
            return answer
        } catch {
            let problem = error as? Problem
            let kind = Problem.Kind.allCases.first { problem?.isOf($0) == true }
            await count(request, kind ?? .unavailable)
            throw error
        }
    }

    package func count(_ binding: Binding) { counts.bindings[binding, default: 0] += 1 }

    package func count(_ match: Match) { counts.matches[match, default: 0] += 1 }

    private func count(_ request: Request, _ outcome: Problem.Kind?) {
        counts.requests[.init(request: request, outcome: outcome), default: 0] += 1
    }
}
