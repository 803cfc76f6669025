/// Where libcurl's callbacks put what arrives, within bounds.
final class ResponseSink {
    private(set) var headers: [String: String] = [:]
    private(set) var body: [UInt8] = []
    /// Why the sink took no more, if it did not.
    private(set) var refusal: String?
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

/// CURLOPT_WRITEFUNCTION(3), with a ``ResponseSink`` as its context.
func receiveBody(
    _ bytes: UnsafeMutablePointer<CChar>?,
    _ size: Int,
    _ count: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int {
    unsafe receive(bytes, size * count, context) { sink, bytes in unsafe sink.take(body: bytes) }
}

/// CURLOPT_HEADERFUNCTION(3), with a ``ResponseSink`` as its context.
func receiveHeader(
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
