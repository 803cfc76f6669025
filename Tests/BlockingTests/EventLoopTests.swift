import Blocking
import Foundation
import Glibc
import TestSupport
import Testing

@Suite("A loop for tasks", .timeLimit(.minutes(5)))
struct EventLoopTests {
    @Test("runs them on the thread that calls it, actors and children too, and hands on what they throw")
    func thread() throws {
        actor Somebody {
            func thread() -> UInt64 { UInt64(pthread_self()) }
        }
        struct Mine: Error {}
        let loop = EventLoop()
        // A thread of its own: the one of the test is not to be blocked.
        let ended = DispatchSemaphore(value: 0)
        let outcome = Collected<Bool>()
        Thread.detachNewThread {
            let own = UInt64(pthread_self())
            do {
                try loop.run {
                    outcome.add(UInt64(pthread_self()) == own)
                    outcome.add(await Somebody().thread() == own)
                    async let child = UInt64(pthread_self())
                    outcome.add(await child == own)
                    try await loop.sleep(until: .now + .milliseconds(20))
                    outcome.add(UInt64(pthread_self()) == own)
                    throw Mine()
                }
            } catch { outcome.add(error is Mine) }
            ended.signal()
        }
        #expect(ended.wait(timeout: .now() + 120) == .success)
        #expect(outcome.all == [true, true, true, true, true])
    }

    @Test("wakes them at their moments, in order, and at once where they are cancelled")
    func sleep() async throws {
        let outcome = Collected<Bool>()
        try await onLoop { loop in
            let start = ContinuousClock.now
            let endless = Task(executorPreference: loop) { try await loop.sleep(until: .now + .seconds(3600)) }
            await withTaskGroup { group in
                for tenth in [3, 1, 2] {
                    group.addTask {
                        try? await loop.sleep(until: start + .milliseconds(100 * tenth))
                        outcome.add(.now >= start + .milliseconds(100 * tenth))
                    }
                }
            }
            endless.cancel()
            do { try await endless.value } catch { outcome.add(error is CancellationError) }
            let late = Task(executorPreference: loop) {
                while !Task.isCancelled { await Task.yield() }
                try await loop.sleep(until: .now + .seconds(3600))
            }
            late.cancel()
            do { try await late.value } catch { outcome.add(error is CancellationError) }
        }
        #expect(outcome.all == [true, true, true, true, true])
    }

    @Test("does not poll where there is nothing to do")
    func idle() async throws {
        let outcome = Collected<Bool>()
        try await onLoop { loop in
            func switches() -> Int {
                let text = (try? String(contentsOfFile: "/proc/thread-self/status", encoding: .utf8)) ?? ""
                let line = text.split(separator: "\n").first { $0.hasPrefix("voluntary_ctxt_switches") }
                return line.flatMap { Int($0.split(whereSeparator: \.isWhitespace).last ?? "") } ?? -1
            }
            let before = switches()
            try await loop.sleep(until: .now + .seconds(3))
            // Under a sanitizer, on a busy machine, a few are others' doing; what polls does so hundreds of times.
            outcome.add(switches() - before <= 60)
        }
        #expect(outcome.all == [true])
    }

    private func onLoop(_ body: @escaping @Sendable (EventLoop) async throws -> Void) async throws {
        let loop = EventLoop()
        try await BlockingQueue(label: "loop").run { try loop.run { try await body(loop) } }
    }
}

@Suite("A queue for what blocks", .timeLimit(.minutes(5)))
struct BlockingQueueTests {
    @Test("does one thing after the other, on one thread that is not the caller's")
    func order() async throws {
        let queue = BlockingQueue(label: "order")
        let outcome = Collected<Bool>()
        let numbers = Collected<Int>()
        for number in 0..<1000 { queue.start { numbers.add(number) } }
        let first = try await queue.run { UInt64(pthread_self()) }
        outcome.add(try await queue.run { UInt64(pthread_self()) } == first)
        #expect(numbers.all == Array(0..<1000))
        #expect(outcome.all == [true])
    }

    @Test("ends its thread when it goes, and does before what was asked for")
    func end() async throws {
        let numbers = Collected<Int>()
        let count = { (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count) ?? 0 }
        for number in 0..<500 { BlockingQueue(label: "short").start { numbers.add(number) } }
        while numbers.all.count < 500 { try await Task.sleep(for: .milliseconds(10)) }
        // Other tests have threads too, but not hundreds.
        for _ in 0..<6000 where count() > 300 { try await Task.sleep(for: .milliseconds(10)) }
        #expect(count() <= 300)
    }
}
