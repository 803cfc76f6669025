/// Where libcurl's callbacks put what arrives, within bounds.
final class ResponseSink {
    private(set) var headers: [String: String] = [:]
    private(set) var body: [UInt8] = []
    /// Why the sink took no more, if it did not.
    private(set) var refusal: String?
    private let bodyLimit: Int
    private let keptHeaders: Set<String>?
    private var headerLines = 0

    /// Longer than any value that means something here.
    private static let valueLimit = 1000

    init(bodyLimit: Int, keptHeaders: Set<String>?) { (self.bodyLimit, self.keptHeaders) = (bodyLimit, keptHeaders) }

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
        guard let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")) else { return true }
        let name = line[..<colon].lowercased()
        guard keptHeaders?.contains(name) ?? true else { return true }
        headers[name] = Self.shown(line.utf8[colon...].dropFirst())
        return true
    }

    /// A value without the white space around it and the line's end, and without what could steer a terminal.
    private static func shown(_ value: Substring.UTF8View) -> String {
        let isBlank: (UInt8) -> Bool = { [0x20, 0x09, 0x0d, 0x0a].contains($0) }
        let bytes = value.drop(while: isBlank).prefix(valueLimit)
        let shown = bytes.reversed().drop(while: isBlank).reversed().map { byte in
            byte == 0x09 ? 0x20 : (0x20..<0x7f).contains(byte) ? byte : UInt8(ascii: "?")
        }
        return String(decoding: shown, as: UTF8.self)
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
