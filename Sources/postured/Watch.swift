internal import Agent
internal import Synchronization
internal import Watching

/// What the daemon watches: the machine, and the files that its configuration names, which may be others tomorrow.
final class Watch: Sendable {
    /// What changed, and whether the configuration is to be read again for it.
    let changes: AsyncStream<(Set<Change>, isConfiguration: Bool)>
    private let continuation: AsyncStream<(Set<Change>, isConfiguration: Bool)>.Continuation
    private let current = Mutex<(files: [String], task: Task<Void, Never>, unwatched: [String])?>(nil)
    private let configuration = Mutex(AgentConfiguration.empty)

    private let executor: any TaskExecutor

    init(on executor: any TaskExecutor) {
        self.executor = executor
        // What is not taken at once is told again in one piece: two of them mean no more than one.
        (changes, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(16))
    }

    /// Watches what a configuration names, in the place of what was watched before; where none can be used, what the last one
    /// named, and the file that has to be mended.
    ///
    /// Returns what is not watched, and why; `others` are watched by something else.
    func begin(
        _ newest: AgentConfiguration?,
        flawedFile: String?,
        path: String,
        except others: [String]
    ) -> [String] {
        let configuration = configuration.withLock { configuration in
            configuration = newest ?? configuration
            return configuration
        }
        // A file that the newest configuration names may be about to come.
        let own = [path, "\(path).d"] + configuration.files + [flawedFile].compactMap(\.self)
        let files = own + configuration.watchedPaths + ["/etc/hostname"]
        return current.withLock { current in
            if let current, current.files == files { return current.unwatched }
            current?.task.cancel()
            do {
                let watcher = try ChangeWatcher(files: files)
                let task = Task(executorPreference: executor) { [continuation] in
                    for await changes in watcher.changes {
                        let isConfiguration = own.contains { changes.contains(.file(path: $0)) }
                        continuation.yield((changes, isConfiguration))
                    }
                }
                let unwatched = watcher.unwatched.filter { !others.contains($0.what) }
                current = (files, task, unwatched.map { "\($0)" })
                // What changed after it was read and before it was watched: it is read once more.
                continuation.yield(([], isConfiguration: true))
            } catch {
                current = nil
                return ["\(error)"]
            }
            return current?.unwatched ?? []
        }
    }
}
