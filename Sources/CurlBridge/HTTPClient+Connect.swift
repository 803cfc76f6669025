internal import CCurl

/// A connection that was made to see whether it can be, and closed again: TCP, the proxy's CONNECT, and TLS.
package struct HTTPConnection: Sendable {
    /// Where it went, an IP address: the server's, or the proxy's.
    package let address: String
    /// The server's own certificate, in PEM; nil without TLS.
    package let certificate: String?
}

extension CurlHandle {
    /// Connects as for a request, and sends none (CURLOPT_CONNECT_ONLY(3)).
    func connect(to url: String, _ options: HTTPClient.Options) throws(HTTPError) -> HTTPConnection {
        guard let handle = unsafe handle else {
            throw HTTPError(url: url, text: "libcurl cannot be used: \(Self.loadFailure ?? "out of memory")")
        }
        unsafe reset(handle)
        let request = HTTPRequest(.get, url)
        if let code = unsafe options.set(on: handle, for: url) { throw failure(code, request, options) }
        unsafe CCurl_set_long(handle, CURLOPT_CONNECT_ONLY, 1)
        unsafe CCurl_set_long(handle, CURLOPT_CERTINFO, 1)
        let code = unsafe CCurl_easy_perform(handle)
        guard code == CURLE_OK else { throw failure(code, request, options) }
        var address: UnsafePointer<CChar>?
        unsafe CCurl_get_text(handle, CURLINFO_PRIMARY_IP, &address)
        let text = unsafe address.map { unsafe String(cString: $0) } ?? ""
        return HTTPConnection(address: text, certificate: unsafe Self.certificate(of: handle))
    }

    private static func certificate(of handle: UnsafeMutableRawPointer) -> String? {
        var line = unsafe CCurl_certificate(handle)
        while let entry = unsafe line {
            let text = unsafe entry.pointee.data.map { unsafe String(cString: $0) } ?? ""
            if text.hasPrefix("Cert:") { return String(text.dropFirst("Cert:".count)) }
            unsafe line = UnsafePointer(entry.pointee.next)
        }
        return nil
    }
}

extension HTTPError {
    /// Whether the connection stood and TLS did not come about over it (libcurl-errors(3)).
    package var isAboutTLS: Bool {
        [
            CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR,
            CURLE_SSL_CIPHER, CURLE_SSL_CERTPROBLEM, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_PINNEDPUBKEYNOTMATCH,
        ].contains { Int($0.rawValue) == code }
    }
}
