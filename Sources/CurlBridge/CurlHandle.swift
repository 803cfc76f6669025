internal import CCurl

/// One easy handle of libcurl (libcurl-easy(3)).
///
/// - Note: Sendable because its owner, ``HTTPClient``, uses it on one serial queue only.
@safe final class CurlHandle: @unchecked Sendable {
    let handle: UnsafeMutableRawPointer?
    /// CURLOPT_ERRORBUFFER(3): libcurl writes to it for as long as the handle lives.
    private let details: UnsafeMutablePointer<CChar>

    /// Why libcurl cannot be used, or nil; a `static let` is made once, and by one thread.
    static let loadFailure: String? = unsafe CCurl_load().map { unsafe String(cString: $0) }

    init() {
        unsafe handle = Self.loadFailure == nil ? CCurl_easy_init() : nil
        unsafe details = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe details.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        if let handle = unsafe handle { unsafe CCurl_easy_cleanup(handle) }
        unsafe details.deallocate()
    }

    func perform(_ request: HTTPRequest, _ options: HTTPClient.Options) throws(HTTPError) -> HTTPResponse {
        guard let handle = unsafe handle else {
            throw HTTPError(url: request.url, text: "libcurl cannot be used: \(Self.loadFailure ?? "out of memory")")
        }
        unsafe reset(handle)
        var lines: UnsafeMutablePointer<curl_slist>?
        defer { unsafe CCurl_slist_free_all(lines) }
        for (name, value) in request.headers {
            guard !"\(name)\(value)".utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) else {
                throw HTTPError(url: request.url, text: "the header \(name) has a control character in it")
            }
            unsafe lines = CCurl_slist_append(lines, "\(name): \(value)")
        }
        // libcurl would wait for '100 Continue' before a body of over 1 MiB.
        unsafe lines = CCurl_slist_append(lines, "Expect:")
        unsafe CCurl_set_pointer(handle, CURLOPT_HTTPHEADER, lines)
        // An option that is not taken would leave a default in its place, and some of those are weaker.
        if let code = unsafe options.set(on: handle, for: request.url) { throw failure(code, request, options) }
        let sink = ResponseSink(bodyLimit: options.bodyLimit, keptHeaders: options.keptHeaders)
        let context = unsafe Unmanaged.passUnretained(sink).toOpaque()
        unsafe CCurl_set_function(handle, CURLOPT_WRITEFUNCTION, receiveBody)
        unsafe CCurl_set_pointer(handle, CURLOPT_WRITEDATA, context)
        unsafe CCurl_set_function(handle, CURLOPT_HEADERFUNCTION, receiveHeader)
        unsafe CCurl_set_pointer(handle, CURLOPT_HEADERDATA, context)

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
            return withExtendedLifetime(sink) { unsafe CCurl_easy_perform(handle) }
        }
        guard code == CURLE_OK else {
            throw sink.refusal.map { HTTPError(url: request.url, code: Int(code.rawValue), text: $0) }
                ?? failure(code, request, options)
        }
        return HTTPResponse(status: long(CURLINFO_RESPONSE_CODE), headers: sink.headers, body: sink.body)
    }

    /// Makes it ready for another request: options are forgotten, connections are kept.
    @unsafe func reset(_ handle: UnsafeMutableRawPointer) {
        unsafe CCurl_easy_reset(handle)
        unsafe CCurl_set_pointer(handle, CURLOPT_ERRORBUFFER, details)
        unsafe details.pointee = 0
    }

    /// What libcurl wrote about the last error, with its numbers.
    var errorText: String { unsafe String(cString: details) }

    /// A number about the last request, as CURLINFO_RESPONSE_CODE(3) is one; 0 where it is not known.
    func long(_ info: CURLINFO) -> Int {
        var value = 0
        _ = unsafe CCurl_get_long(handle, info, &value)
        return value
    }

    /// A time of the last request in microseconds, as CURLINFO_CONNECT_TIME_T(3) is one; 0 for what did not happen.
    func time(_ info: CURLINFO) -> Int {
        var value: curl_off_t = 0
        _ = unsafe CCurl_get_time(handle, info, &value)
        return Int(value)
    }
}
