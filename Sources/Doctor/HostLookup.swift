internal import Blocking
internal import Glibc

/// The addresses of a host's name, by getaddrinfo(3): what every program of the machine gets.
enum HostLookup {
    /// Why there is none, in the C library's words.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// More would not help anybody.
    private static let limit = 4

    /// Looks a name up, off the cooperative pool; it takes as long as resolv.conf(5) lets it.
    static func addresses(of host: String) async throws -> [String] {
        try await BlockingQueue(label: "postured.lookup").run { try look(host) }
    }

    private static func look(_ host: String) throws(Failure) -> [String] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = unsafe getaddrinfo(host, nil, &hints, &list)
        guard code == 0 else { throw Failure(description: unsafe String(cString: gai_strerror(code))) }
        defer { unsafe freeaddrinfo(list) }
        var found: [String] = []
        var next = unsafe list
        while let entry = unsafe next, found.count < limit {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let status = unsafe getnameinfo(
                entry.pointee.ai_addr,
                entry.pointee.ai_addrlen,
                &text,
                socklen_t(text.count),
                nil,
                0,
                NI_NUMERICHOST
            )
            let bytes = text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
            if status == 0 { found.append(String(decoding: bytes, as: UTF8.self)) }
            unsafe next = entry.pointee.ai_next
        }
        return found
    }
}
