import CurlBridge
import Foundation
import PostureModel
import ScorerTestSupport
import Synchronization
import TestSupport
import Testing
import Verification

@testable import ScorerCore

/// Judges nothing until it is let.
final class BlockedJudge: CertificateEvidenceJudge {
    private let verifier = MessageVerifier(audience: TestDevice.audience)
    private let gate = NSCondition()
    private let state = Mutex((isOpen: false, inside: 0, most: 0))

    /// How many it was asked to judge at once, at most.
    var most: Int { state.withLock { $0.most } }

    func open() {
        gate.lock()
        state.withLock { $0.isOpen = true }
        gate.broadcast()
        gate.unlock()
    }

    private func wait() {
        state.withLock { state in
            state.inside += 1
            state.most = max(state.most, state.inside)
        }
        gate.lock()
        while !state.withLock({ $0.isOpen }) { gate.wait() }
        gate.unlock()
        state.withLock { $0.inside -= 1 }
    }

    func report(
        _ authentic: AuthenticMessage<Report>,
        checks: [String: CertificateRequirements],
        at now: Timestamp
    ) -> VerifiedReport {
        wait()
        return verifier.report(authentic, checks: checks, at: now)
    }

    func registration(
        _ authentic: AuthenticMessage<Registration>,
        checks: [String: CertificateRequirements],
        at now: Timestamp
    ) -> VerifiedRegistration {
        wait()
        return verifier.registration(authentic, checks: checks, at: now)
    }
}

@Suite("While certificates are judged", .timeLimit(.minutes(5)))
struct MessageWorkPoolTests {
    let judge = BlockedJudge()

    @Test("on every thread that there is for it, Cloudflare, operators and health checks are answered")
    func others() async throws {
        try await ScorerHarness.run(judge: judge, desk: MessageWorkPool(threads: 2)) { scorer in
            defer { judge.open() }
            let proof = try TestCorp.shared().proof(by: TestCorp.shared().leaf)
            let known = try await scorer.newDevice()
            // More than this machine has cores, so that none would be left for others.
            async let registrations = withThrowingTaskGroup { group in
                for _ in 0..<24 {
                    let client = scorer.beside()
                    group.addTask { try await client.register(try TestDevice(), token: nil, proofs: [proof]).status }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            async let report = scorer.beside().report(known)
            while judge.most < 2 { try await Task.sleep(for: .milliseconds(5)) }
            for _ in 0..<20 {
                #expect(try await scorer.ask(#"{"devices":[{"device_id":"w"}]}"#).status == 200)
                #expect(try await scorer.get("\(scorer.agents)/healthz").status == 204)
                #expect(try await scorer.get("\(scorer.operators)/healthz").status == 204)
                let header = (name: "Authorization", value: "Bearer \(scorer.operatorToken)")
                #expect(try await scorer.get("\(scorer.operators)/v1/devices", headers: [header]).status == 200)
            }
            judge.open()
            // One certificate registers three devices.
            #expect(try await registrations.sorted() == [201, 201, 201] + [Int](repeating: 403, count: 21))
            #expect(try await report.status == 200)
            #expect(judge.most == 2)
        }
    }

    @Test("and as many wait as may, a further one is told when to come again")
    func full() async throws {
        let desk = MessageWorkPool(threads: 1) { $0 == .registration ? 0 : 100 }
        try await ScorerHarness.run(desk: desk) { scorer in
            let proof = try TestCorp.shared().proof(by: TestCorp.shared().leaf)
            let answer = try await scorer.register(try TestDevice(), token: nil, proofs: [proof])
            #expect(answer.isProblem(.unavailable))
            #expect((5...60).contains(answer.headers["retry-after"].flatMap(Int.init) ?? 0))
            #expect(try await scorer.register(try TestDevice(), token: try await scorer.token()).status == 201)
        }
    }
}
