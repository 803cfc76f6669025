import Glibc

/// The service manager's end of sd_notify(3).
package final class NotifySocket {
    /// What `NOTIFY_SOCKET` has to be for the program that is to speak.
    package let path: String
    private let directory: TemporaryDirectory
    private let socket: LocalSocket

    /// Makes the socket and waits for nobody yet.
    package init() throws {
        directory = try TemporaryDirectory("notify")
        path = directory.file("socket")
        socket = try LocalSocket(datagramsAt: path)
    }

    /// The next message; nil if none comes for a minute.
    package func next() -> String? {
        socket.next().map { String(decoding: $0, as: UTF8.self) }
    }

    /// The next message that is as it should be, whatever comes before it; nil if none comes for a minute.
    package func next(where isMeant: (String) -> Bool) -> String? {
        while let text = next() {
            if isMeant(text) { return text }
        }
        return nil
    }
}
