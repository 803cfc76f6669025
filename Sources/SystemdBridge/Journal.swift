internal import CSystemd
internal import Glibc
internal import Synchronization

/// The journal's native protocol, through sd_journal_sendv(3).
///
/// sd_journal_sendv() itself has two habits that a daemon cannot live with: it waits for as long as a journal that
/// does not read has a full queue, and it says nothing where there is no journal. So the socket is asked first.
///
/// - Source: sd_journal_print(3), <https://systemd.io/JOURNAL_NATIVE_PROTOCOL/>
enum Journal {
    /// What became of an entry.
    enum Outcome: Equatable {
        case sent
        /// There is no journal, or it refuses.
        case absent
        /// The journal did not take it in time: it is lost, and the next entry that is sent says so.
        case full
    }

    static let path = "/run/systemd/journal/socket"
    /// How long to wait for a journal that is busy, in milliseconds.
    private static let patience: CInt = 1000
    private static let lost = Atomic<Int>(0)

    static func send(_ entry: JournalEntry) -> Outcome {
        let readiness = readiness(of: path)
        guard readiness == .sent else {
            if readiness == .full { lost.add(1, ordering: .relaxed) }
            return readiness
        }
        let missing = lost.exchange(0, ordering: .relaxed)
        let fields = entry.fields + (missing > 0 ? [("POSTURED_LOST_MESSAGES", "\(missing)")] : [])
        return write(fields) ? .sent : .absent
    }

    /// Whether the journal would take an entry now, or within the second; `sent` stands for yes.
    ///
    /// A connected datagram socket is writable as long as the other end's queue has room; the one in libsystemd is not
    /// connected, and cannot be asked.
    private static func readiness(of path: String) -> Outcome {
        let probe = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        guard probe >= 0 else { return .absent }
        defer { close(probe) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let isConnected = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe connect(probe, $0, length) == 0 }
        }
        guard isConnected else { return .absent }
        var event = pollfd(fd: probe, events: Int16(POLLOUT), revents: 0)
        return unsafe poll(&event, 1, patience) == 1 && event.revents & Int16(POLLOUT) != 0 ? .sent : .full
    }

    private static func write(_ fields: [(name: String, value: String)]) -> Bool {
        let texts = fields.map { Array("\($0.name)=\($0.value)".utf8) }
        var bytes = texts.flatMap { $0 }
        let result = unsafe bytes.withUnsafeMutableBytes { buffer in
            var start = 0
            let vector = unsafe texts.map { text in
                defer { start += text.count }
                return unsafe iovec(iov_base: buffer.baseAddress.map { unsafe $0 + start }, iov_len: text.count)
            }
            return unsafe sd_journal_sendv(vector, CInt(vector.count))
        }
        return result == 0
    }
}
