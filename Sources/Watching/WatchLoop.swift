import Glibc

/// What a watcher's thread does: it sleeps in poll(2) until a source has something, and puts what changed into the
/// mailbox.
final class WatchLoop {
    private var files: FileChanges
    private var network: NetworkChanges?
    private var hostname: HostnameChanges?
    private let clock: Descriptor?
    /// Hangs up when the watcher goes.
    private let stop: Descriptor
    private let mailbox: Mailbox

    init(
        files: FileChanges,
        network: NetworkChanges?,
        hostname: HostnameChanges?,
        clock: Descriptor?,
        stop: Descriptor,
        mailbox: Mailbox
    ) {
        (self.files, self.network, self.hostname) = (files, network, hostname)
        (self.clock, self.stop, self.mailbox) = (clock, stop, mailbox)
    }

    /// Starts the thread, which inherits the namespaces of the caller's and keeps the loop until its end.
    consuming func start() throws(Unwatched) {
        let loop = unsafe Unmanaged.passRetained(self)
        var attributes = pthread_attr_t()
        unsafe pthread_attr_init(&attributes)
        defer { unsafe pthread_attr_destroy(&attributes) }
        unsafe pthread_attr_setdetachstate(&attributes, CInt(PTHREAD_CREATE_DETACHED))
        var thread = pthread_t()
        let code = unsafe pthread_create(&thread, &attributes, WatchLoop.body, loop.toOpaque())
        guard code == 0 else {
            unsafe loop.release()
            throw Unwatched(what: "changes", code: code)
        }
    }

    private static let body: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { loop in
        guard let loop = unsafe loop else { return nil }
        unsafe Unmanaged<WatchLoop>.fromOpaque(loop).takeRetainedValue().run()
        return nil
    }

    private func run() {
        // poll(2) skips a descriptor of -1.
        var polled = [
            pollfd(fd: files.descriptor.number, events: Int16(POLLIN), revents: 0),
            pollfd(fd: network?.descriptor.number ?? -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: hostname?.descriptor.number ?? -1, events: Int16(POLLPRI), revents: 0),
            pollfd(fd: clock?.number ?? -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: stop.number, events: 0, revents: 0),
        ]
        var timer = [UInt8](repeating: 0, count: 8)
        var pace = WakePace()
        let start = ContinuousClock.now
        while true {
            let count = unsafe Glibc.poll(&polled, nfds_t(polled.count), -1)
            guard count > 0 || errno == EINTR else { break }
            if count < 0 { continue }
            if polled[4].revents != 0 { break }
            var changes: Set<Change> = []
            if polled[0].revents != 0 { changes.formUnion(files.changed().map { .file(path: $0) }) }
            if polled[1].revents != 0, network?.changed() == true { changes.insert(.network) }
            if polled[2].revents != 0, hostname?.changed() == true { changes.insert(.hostname) }
            if polled[3].revents != 0 {
                // ECANCELED is the answer that was waited for, and it ends the readiness.
                _ = clock?.read(into: &timer)
                changes.insert(.clock)
            }
            mailbox.put(changes)
            // What comes meanwhile waits in the kernel, and is taken in one piece.
            let rest = pace.rest(afterWakeAt: start.duration(to: .now) / .seconds(1), isChange: !changes.isEmpty)
            if poll(stop, milliseconds: CInt(rest * 1000)) { break }
        }
        mailbox.close()
    }

    /// Waits for so long, and says whether the descriptor hung up meanwhile.
    private func poll(_ descriptor: Descriptor, milliseconds: CInt) -> Bool {
        var polled = pollfd(fd: descriptor.number, events: 0, revents: 0)
        return unsafe Glibc.poll(&polled, 1, milliseconds) > 0
    }
}
