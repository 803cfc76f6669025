internal import CCurl

extension CurlHandle {
    /// The error for libcurl's code: its details where they say what is wrong with TLS, else a sentence that is the same
    /// each time, without milliseconds and counts of bytes.
    func failure(_ code: CURLcode, _ request: HTTPRequest, _ options: HTTPClient.Options) -> HTTPError {
        let details = errorText
        var text = unsafe String(cString: CCurl_easy_strerror(code))
        var (concernsTime, refusal): (Bool, Int?) = (false, nil)
        switch code {
        case CURLE_PEER_FAILED_VERIFICATION:
            if !details.isEmpty { text = details }
            // X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED (X509_STORE_CTX_get_error(3)).
            concernsTime = [9, 10].contains(long(CURLINFO_SSL_VERIFYRESULT))
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CACERT_BADFILE:
            if !details.isEmpty { text = details }
        case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
            text = "the server's public key is none of the pins"
        case CURLE_UNSUPPORTED_PROTOCOL where details.contains("HTTP/0.9"), CURLE_WEIRD_SERVER_REPLY:
            text = "the answer is not HTTP"
        case CURLE_OPERATION_TIMEDOUT:
            text = timeout(request, options)
        default:
            // A proxy that does not let the request through (RFC 9110 §9.3.6).
            let proxyStatus = long(CURLINFO_HTTP_CONNECTCODE)
            if proxyStatus >= 300 {
                refusal = proxyStatus
                text = "the proxy answered \(proxyStatus)" + (proxyStatus == 407 ? ": it wants credentials" : "")
            }
        }
        return HTTPError(
            url: request.url,
            code: Int(code.rawValue),
            text: text,
            concernsTime: concernsTime,
            proxyStatus: refusal
        )
    }

    /// What was being waited for when the time was over.
    private func timeout(_ request: HTTPRequest, _ options: HTTPClient.Options) -> String {
        // Set where the connection stands, be it a new one or not, and the request is about to go out.
        if time(CURLINFO_PRETRANSFER_TIME_T) == 0 {
            let seconds = "within \(min(options.connectTimeout, options.timeout)) seconds"
            if time(CURLINFO_NAMELOOKUP_TIME_T) == 0 { return "its name is not resolved \(seconds)" }
            if errorText.contains("Proxy CONNECT") { return "the proxy does not answer \(seconds)" }
            // The socket is connected, but nothing has begun over it.
            return long(CURLINFO_NUM_CONNECTS) == 0
                ? "there is no connection \(seconds)" : "TLS does not begin \(seconds)"
        }
        if errorText.contains("too slow") {
            return "fewer than \(HTTPClient.Options.leastRate) bytes a second for \(options.stallTimeout) seconds"
        }
        return "the answer is not there within \(options.timeout) seconds"
    }
}
