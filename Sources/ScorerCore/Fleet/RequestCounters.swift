package import PostureModel
package import ScorerModel

/// Counts requests and what became of them since the start, for monitoring.
package actor RequestCounters {
    /// The kinds of requests from outside.
    package enum Request: String, CaseIterable {
        case report, registration, cloudflare
    }

    /// How Cloudflare's rows were linked to devices.
    package enum Match: String, CaseIterable {
        case warpID = "warp_id"
        case serialNumber = "serial_number"
        case none
        /// Another row gets the device's score.
        case lending
    }

    /// How a report's claim to an identifier of another device ended.
    package enum Conflict: String, CaseIterable {
        /// The other device keeps the identifier.
        case refused
        /// The reporting device has the stronger claim and holds the identifier now.
        case taken
    }

    /// How often; the key's outcome is nil for a request that was answered as it should be.
    package struct Counts: Sendable, Equatable {
        package var requests: [Key: Int] = [:]
        package var matches: [Match: Int] = [:]
        package var conflicts: [Conflict: Int] = [:]
        package var notices: [IdentityNotice.Kind: Int] = [:]

        package struct Key: Hashable {
            package var request: Request
            package var outcome: Problem.Kind?

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

    package func count(_ conflict: Conflict) { counts.conflicts[conflict, default: 0] += 1 }

    func count(_ notices: [IdentityNotice]) { for notice in notices { counts.notices[notice.kind, default: 0] += 1 } }

    package func count(_ matches: [Match]) { for match in matches { counts.matches[match, default: 0] += 1 } }

    private func count(_ request: Request, _ outcome: Problem.Kind?) {
        counts.requests[.init(request: request, outcome: outcome), default: 0] += 1
    }
}
