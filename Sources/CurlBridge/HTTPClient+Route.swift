internal import Blocking
internal import CCurl

/// How libcurl goes to a server, as libcurl itself decides.
package enum HTTPRoute: Sendable, Equatable {
    /// It connects to the server.
    case direct
    /// It connects to a proxy: its address and port, or nil where the proxy's name cannot be resolved, or it is at a
    /// socket of this machine.
    case proxy(address: String?)
}

extension HTTPClient {
    /// Asks libcurl whether it would take a proxy for `url`, off the cooperative pool; connects to nobody, and resolves no
    /// name but the proxy's.
    ///
    /// The rules for `no_proxy` and its like differ between libcurl's versions: whoever wants to know asks the library
    /// that is used.
    ///
    /// - Throws: ``HTTPError`` where libcurl does not say.
    package func route(to url: String) async throws -> HTTPRoute {
        let options = self.options
        return try await queue.run { try CurlHandle().route(to: url, options) }
    }
}

extension CurlHandle {
    /// Where a direct connection is made to go, in the form of CURLOPT_CONNECT_TO(3).
    ///
    /// At an address of RFC 5737 there is no proxy. The choice of one comes before that, by the server's own name.
    private static let nowhere = (address: "192.0.2.1", port: "9")

    func route(to url: String, _ options: HTTPClient.Options) throws(HTTPError) -> HTTPRoute {
        guard let handle = unsafe handle else {
            throw HTTPError(url: url, text: "libcurl cannot be used: \(Self.loadFailure ?? "out of memory")")
        }
        unsafe reset(handle)
        let request = HTTPRequest(.get, url)
        if let code = unsafe options.set(on: handle, for: url) { throw failure(code, request, options) }
        let target = unsafe CCurl_slist_append(nil, "::\(Self.nowhere.address):\(Self.nowhere.port)")
        defer { unsafe CCurl_slist_free_all(target) }
        unsafe CCurl_set_pointer(handle, CURLOPT_CONNECT_TO, target)
        unsafe CCurl_set_long(handle, CURLOPT_CONNECT_ONLY, 1)
        var destination = CCurl_destination()
        let code = unsafe withUnsafeMutablePointer(to: &destination) { destination in
            unsafe CCurl_observe(handle, destination)
            return unsafe CCurl_easy_perform(handle)
        }
        guard destination.sockets > 0 else {
            if code == CURLE_COULDNT_RESOLVE_PROXY { return .proxy(address: nil) }
            throw failure(code, request, options)
        }
        let host = unsafe withUnsafePointer(to: &destination.host) { unsafe Self.text(at: $0) }
        let port = unsafe withUnsafePointer(to: &destination.port) { unsafe Self.text(at: $0) }
        if (host, port) == Self.nowhere { return .direct }
        return .proxy(address: host.isEmpty ? nil : host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)")
    }

    /// The text in an array of C's, which ends with a NUL.
    private static func text<Array>(at array: UnsafePointer<Array>) -> String {
        unsafe array.withMemoryRebound(to: CChar.self, capacity: MemoryLayout<Array>.size) {
            unsafe String(cString: $0)
        }
    }
}
