internal import Glibc
internal import NIOHTTP1
internal import ScorerCore

/// The resources of a listener that any client may use.
package struct Limits: Sendable {
    /// Connections of one listener at once; others wait in the kernel's queue until one ends.
    package var connections: Int
    /// Seconds until a request is there whole, its head and its body each; and then, until its answer is taken.
    package var seconds: Int64
    /// Bytes of all headers of a request: an Access token has 16 KiB at most.
    package var headerBytes = 32 * 1024
    /// Headers of a request.
    package var headers = 100

    /// Creates limits.
    ///
    /// Each of two listeners takes less than half of the files that the process may open: where none is left, a listener
    /// with a waiting client would loop without end.
    package init(connections: Int = .max, seconds: Int64 = 30) {
        var files = rlimit()
        let isKnown = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &files) == 0
        let most = isKnown ? (Int(min(files.rlim_cur, 1 << 20)) - 128) / 2 : 448
        self.connections = max(16, min(connections, most))
        self.seconds = seconds
    }

    /// The timers that end waits.
    var timers: any ConnectionTimers = LoopTimers()

    /// Seconds that a connection may wait so.
    func seconds(of wait: ConnectionWait) -> Int64 {
        switch wait {
        // Longer than for the body, which has an answer when its time is up.
        case .head: seconds + 2
        case .body, .answer: seconds
        case .close: min(2, seconds)
        }
    }

    var decoder: NIOHTTPDecoderLimitConfiguration {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = headerBytes
        limits.maxHeaderListSize = headerBytes
        limits.maxHeaderFieldCount = headers
        return limits
    }
}
