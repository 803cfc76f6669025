internal import CCurl

/// One easy handle of libcurl (libcurl-easy(3)).
///
/// - Note: Sendable because its owner, ``HTTPClient``, uses it on one serial queue only.
@safe final class CurlHandle: @unchecked Sendable {
    private let handle: UnsafeMutableRawPointer?
    /// CURLOPT_ERRORBUFFER(3): libcurl writes to it for as long as the handle lives.
    private let details: UnsafeMutablePointer<CChar>

    /// curl_global_init(3), once; a `static let` is made by one thread.
    private static let isInitialised = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    init() {
        unsafe handle = Self.isInitialised ? curl_easy_init() : nil
        unsafe details = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe details.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        unsafe curl_easy_cleanup(handle)
        unsafe details.deallocate()
    }

    func perform(_ request: HTTPRequest, _ options: HTTPClient.Options) throws(HTTPError) -> HTTPResponse {
        guard let handle = unsafe handle else { throw HTTPError(url: request.url, text: "libcurl does not start") }
        // Options are forgotten, connections are kept.
        unsafe curl_easy_reset(handle)
        let sink = ResponseSink(bodyLimit: options.bodyLimit)
        let context = unsafe Unmanaged.passUnretained(sink).toOpaque()
        var lines: UnsafeMutablePointer<curl_slist>?
        defer { unsafe curl_slist_free_all(lines) }
        for (name, value) in request.headers {
            guard !"\(name)\(value)".utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) else {
                throw HTTPError(url: request.url, text: "the header \(name) has a control character in it")
            }
            unsafe lines = curl_slist_append(lines, "\(name): \(value)")
        }
        // libcurl would wait for '100 Continue' before a body of over 1 MiB.
        unsafe lines = curl_slist_append(lines, "Expect:")

        var results = unsafe [
            CCurl_set_string(handle, CURLOPT_URL, request.url),
            CCurl_allow_http_only(handle),
            CCurl_set_long(handle, CURLOPT_NOSIGNAL, 1),
            CCurl_set_long(handle, CURLOPT_CONNECTTIMEOUT, options.connectTimeout),
            CCurl_set_long(handle, CURLOPT_TIMEOUT, options.timeout),
            CCurl_set_long(handle, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2),
            CCurl_set_string(handle, CURLOPT_USERAGENT, options.userAgent),
        ]
        if let caFile = options.caFile {
            unsafe results.append(CCurl_set_string(handle, CURLOPT_CAINFO, caFile))
            // Without this, libcurl goes on to trust the system's directory too.
            unsafe results.append(CCurl_set_string(handle, CURLOPT_CAPATH, nil))
        }
        // An option that is not taken would leave a default in its place, and some of those are weaker.
        if let code = results.first(where: { $0 != CURLE_OK }) {
            throw HTTPError(url: request.url, code: Int(code.rawValue), text: text(for: code))
        }
        unsafe CCurl_set_pointer(handle, CURLOPT_HTTPHEADER, lines)
        unsafe CCurl_set_function(handle, CURLOPT_WRITEFUNCTION, receiveBody)
        unsafe CCurl_set_pointer(handle, CURLOPT_WRITEDATA, context)
        unsafe CCurl_set_function(handle, CURLOPT_HEADERFUNCTION, receiveHeader)
        unsafe CCurl_set_pointer(handle, CURLOPT_HEADERDATA, context)
        unsafe CCurl_set_pointer(handle, CURLOPT_ERRORBUFFER, details)
        unsafe details.pointee = 0

        let code = unsafe request.body.withUnsafeBytes { body in
            if request.method == .post {
                unsafe CCurl_set_long(handle, CURLOPT_POST, 1)
                unsafe CCurl_set_long(handle, CURLOPT_POSTFIELDSIZE, body.count)
                // An empty array has no address, and libcurl would then read the body from standard input.
                if let address = body.baseAddress {
                    unsafe CCurl_set_pointer(handle, CURLOPT_POSTFIELDS, UnsafeMutableRawPointer(mutating: address))
                } else {
                    unsafe CCurl_set_string(handle, CURLOPT_COPYPOSTFIELDS, "")
                }
            }
            return withExtendedLifetime(sink) { unsafe curl_easy_perform(handle) }
        }
        guard code == CURLE_OK else {
            throw HTTPError(url: request.url, code: Int(code.rawValue), text: sink.refusal ?? text(for: code))
        }
        var status = 0
        unsafe CCurl_status(handle, &status)
        return HTTPResponse(status: status, headers: sink.headers, body: sink.body)
    }

    /// libcurl's words: the details where they say what is wrong with TLS, else those that are the same each time,
    /// without milliseconds and counts of bytes.
    private func text(for code: CURLcode) -> String {
        let details = unsafe String(cString: details)
        switch code {
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CACERT_BADFILE:
            if !details.isEmpty { return details }
        default: break
        }
        return unsafe String(cString: curl_easy_strerror(code))
    }
}

/// Where libcurl's callbacks put what arrives.
private final class ResponseSink {
    var headers: [String: String] = [:]
    var body: [UInt8] = []
    var refusal: String?
    private let bodyLimit: Int
    private var headerLines = 0

    init(bodyLimit: Int) { self.bodyLimit = bodyLimit }

    func take(body bytes: UnsafeRawBufferPointer) -> Bool {
        guard body.count + bytes.count <= bodyLimit else {
            refusal = "the answer is longer than \(bodyLimit) bytes"
            return false
        }
        unsafe body.append(contentsOf: bytes)
        return true
    }

    func take(header bytes: UnsafeRawBufferPointer) -> Bool {
        let line = unsafe String(decoding: bytes, as: UTF8.self)
        // A new status line: what an interim response or a proxy said before is over.
        if line.hasPrefix("HTTP/") { headers = [:] }
        // Every line counts, of interim responses too: what has no end may repeat itself.
        headerLines += 1
        guard headerLines <= 128 else {
            refusal = "the answer has more than 128 lines of headers"
            return false
        }
        guard let colon = line.firstIndex(of: ":") else { return true }
        let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
        headers[line[..<colon].lowercased()] = String(value.prefix { !$0.isNewline })
        return true
    }
}

private func receiveBody(
    _ bytes: UnsafeMutablePointer<CChar>?,
    _ size: Int,
    _ count: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int {
    unsafe receive(bytes, size * count, context) { sink, bytes in unsafe sink.take(body: bytes) }
}

private func receiveHeader(
    _ bytes: UnsafeMutablePointer<CChar>?,
    _ size: Int,
    _ count: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int {
    unsafe receive(bytes, size * count, context) { sink, bytes in unsafe sink.take(header: bytes) }
}

/// Hands bytes of libcurl's to the sink behind `context`; any count but the full one makes libcurl stop.
private func receive(
    _ bytes: UnsafeMutablePointer<CChar>?,
    _ count: Int,
    _ context: UnsafeMutableRawPointer?,
    _ take: (ResponseSink, UnsafeRawBufferPointer) -> Bool
) -> Int {
    guard let context = unsafe context else { return 0 }
    let sink = unsafe Unmanaged<ResponseSink>.fromOpaque(context).takeUnretainedValue()
    return unsafe take(sink, UnsafeRawBufferPointer(start: bytes, count: count)) ? count : -1
}
