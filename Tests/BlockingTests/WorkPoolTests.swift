import Testing

@testable import Blocking

@Suite("A pool of threads for work", .timeLimit(.minutes(5)))
struct WorkPoolTests {
    enum Lane: CaseIterable { case short, long }

    /// What is done, in its order, and a gate before it.
    final class Record: Sendable {
        private struct State {
            var isOpen = false
            var done: [String] = []
            var inside = 0
            var most = 0
        }

        private let state = Monitor(State())

        var done: [String] { state.change { $0.done } }
        var inside: Int { state.change { $0.inside } }
        var most: Int { state.change { $0.most } }

        func open() { state.change { $0.isOpen = true } }

        /// Waits at the gate, and then has been done.
        func work(_ name: String) {
            state.change { state in
                state.inside += 1
                state.most = max(state.most, state.inside)
            }
            state.wait { state -> Monitor<State>.Look<Void> in
                guard state.isOpen else { return .wait(until: nil) }
                state.inside -= 1
                state.done.append(name)
                return .found(())
            }
        }
    }

    let record = Record()

    @Test("does as much at once as it has threads, and everything in the end", arguments: [1, 3])
    func threads(count: Int) async throws {
        let pool = WorkPool<Lane>(label: "test", threads: count) { _ in 100 }
        try await withThrowingTaskGroup { group in
            for index in 0..<20 { group.addTask { [record] in try await pool.run(.long) { record.work("\(index)") } } }
            while record.inside < count { try await Task.sleep(for: .milliseconds(5)) }
            record.open()
            try await group.waitForAll()
        }
        #expect(record.most == count)
        #expect(Set(record.done).count == 20)
    }

    /// Counts how many of its kind there are.
    final class Held: Sendable {
        private let count: Monitor<Int>

        init(_ count: Monitor<Int>) {
            self.count = count
            count.change { $0 += 1 }
        }

        deinit { count.change { $0 -= 1 } }
    }

    @Test("keeps nothing of what is done")
    func releases() async throws {
        let (pool, count) = (WorkPool<Lane>(label: "test", threads: 1) { _ in 100 }, Monitor(0))
        try await withThrowingTaskGroup { group in
            for index in 0..<40 {
                group.addTask { [record] in
                    let held = Held(count)
                    try await pool.run(.long) { withExtendedLifetime(held) { record.work("\(index)") } }
                }
            }
            while pool.waiting(in: .long) < 39 { try await Task.sleep(for: .milliseconds(5)) }
            record.open()
            try await group.waitForAll()
        }
        // The thread, and the last tasks, may still be about to let go of theirs.
        while count.change({ $0 }) > 0 { try await Task.sleep(for: .milliseconds(5)) }
        #expect(record.done.count == 40)
    }

    @Test("takes from its lanes in turns, so that a full one does not hold up another")
    func turns() async throws {
        let pool = WorkPool<Lane>(label: "test", threads: 1) { _ in 100 }
        try await withThrowingTaskGroup { group in
            group.addTask { [record] in try await pool.run(.long) { record.work("first") } }
            while record.inside < 1 { try await Task.sleep(for: .milliseconds(5)) }
            for index in 0..<10 { group.addTask { [record] in try await pool.run(.long) { record.work("l\(index)") } } }
            while pool.waiting(in: .long) < 10 { try await Task.sleep(for: .milliseconds(5)) }
            for index in 0..<2 { group.addTask { [record] in try await pool.run(.short) { record.work("s\(index)") } } }
            while pool.waiting(in: .short) < 2 { try await Task.sleep(for: .milliseconds(5)) }
            record.open()
            try await group.waitForAll()
        }
        let kinds = record.done.map(\.first)
        #expect(kinds.prefix(5).filter { $0 == "s" }.count == 2, "\(record.done)")
        #expect(record.done.count == 13)
    }

    @Test("refuses what does not fit into its lane, and only that")
    func full() async throws {
        let pool = WorkPool<Lane>(label: "test", threads: 1) { $0 == .long ? 2 : 100 }
        try await withThrowingTaskGroup { group in
            group.addTask { [record] in try await pool.run(.long) { record.work("first") } }
            while record.inside < 1 { try await Task.sleep(for: .milliseconds(5)) }
            for index in 0..<2 { group.addTask { [record] in try await pool.run(.long) { record.work("\(index)") } } }
            while pool.waiting(in: .long) < 2 { try await Task.sleep(for: .milliseconds(5)) }
            await #expect(throws: WorkPoolFull.self) { try await pool.run(.long) {} }
            group.addTask { [record] in try await pool.run(.short) { record.work("short") } }
            while pool.waiting(in: .short) < 1 { try await Task.sleep(for: .milliseconds(5)) }
            record.open()
            try await group.waitForAll()
        }
        #expect(record.done.count == 4)
        try await pool.run(.long) {}
    }

    @Test("returns what the work returns, and throws what it throws")
    func values() async throws {
        struct Failure: Error {}
        let pool = WorkPool<Lane>(label: "test", threads: 2) { _ in 1 }
        #expect(try await pool.run(.long) { 7 } == 7)
        await #expect(throws: Failure.self) { try await pool.run(.short) { throw Failure() } }
    }
}
