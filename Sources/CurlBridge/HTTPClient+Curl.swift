internal import CCurl

extension HTTPClient.Options {
    /// Bytes a second below which a transfer counts as standing still.
    static let leastRate = 16

    /// Sets everything on a handle that has no options yet.
    ///
    /// Returns libcurl's complaint about the first option that it does not take, or nil.
    @unsafe func set(on handle: UnsafeMutableRawPointer, for url: String) -> CURLcode? {
        var results = unsafe [
            CCurl_set_string(handle, CURLOPT_URL, url),
            CCurl_allow_http_only(handle),
            // One request at a time needs no more, and less of libcurl is within a stranger's reach.
            CCurl_set_long(handle, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1)),
            CCurl_set_long(handle, CURLOPT_HTTP09_ALLOWED, 0),
            CCurl_set_long(handle, CURLOPT_NOSIGNAL, 1),
            CCurl_set_long(handle, CURLOPT_CONNECTTIMEOUT, connectTimeout),
            CCurl_set_long(handle, CURLOPT_LOW_SPEED_LIMIT, Self.leastRate),
            CCurl_set_long(handle, CURLOPT_LOW_SPEED_TIME, stallTimeout),
            CCurl_set_long(handle, CURLOPT_TIMEOUT, timeout),
            CCurl_set_long(handle, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2),
            CCurl_set_string(handle, CURLOPT_USERAGENT, userAgent),
        ]
        if let caFile {
            unsafe results.append(CCurl_set_string(handle, CURLOPT_CAINFO, caFile))
            // Without this, libcurl goes on to trust the system's directory too.
            unsafe results.append(CCurl_set_string(handle, CURLOPT_CAPATH, nil))
        }
        if !pins.isEmpty {
            let list = pins.map { "sha256//\($0)" }.joined(separator: ";")
            unsafe results.append(CCurl_set_string(handle, CURLOPT_PINNEDPUBLICKEY, list))
        }
        if let proxy { unsafe results.append(CCurl_set_string(handle, CURLOPT_PROXY, proxy)) }
        return results.first { $0 != CURLE_OK }
    }
}
