internal import NIOHTTP1
internal import PostureModel

/// The rules of HTTP/1.1 for the head of a request that SwiftNIO's parser does not enforce.
///
/// - SeeAlso: RFC 9112 §3.2, §6.1; RFC 9110 §7.2, §10.1.1
enum HeadRules {
    /// Why a request with this head is refused; nil if it is not.
    static func problem(of head: HTTPRequestHead) -> Problem? {
        let hosts = values("host", head)
        guard hosts.count <= 1 else { return Problem(.malformed, "the request has more than one Host") }
        guard hosts.count == 1 || head.version.minor == 0 else { return Problem(.malformed, "the request has no Host") }
        guard hosts.allSatisfy(isHost) else { return Problem(.malformed, "the request's Host is malformed") }
        guard isTarget(head.uri, of: head.method) else {
            return Problem(.malformed, "the request's target is neither a path nor an http URL")
        }
        let codings = values("transfer-encoding", head)
        guard !codings.isEmpty else { return nil }
        guard head.version.minor > 0 else { return Problem(.malformed, "HTTP/1.0 has no Transfer-Encoding") }
        guard codings.count == 1, codings[0].lowercased() == "chunked", !head.headers.contains(name: "content-length")
        else {
            return Problem(.malformed, "a body has a Content-Length, or Transfer-Encoding: chunked, and nothing else")
        }
        return nil
    }

    /// Whether the connection ends with the answer to this request.
    ///
    /// HTTP/1.0 is answered once; after an Upgrade, which is ignored, and a CONNECT the parser reads nothing more.
    static func isLast(_ head: HTTPRequestHead) -> Bool {
        !head.isKeepAlive || head.version.minor == 0 || head.headers.contains(name: "upgrade")
            || head.method == .CONNECT
    }

    /// Whether the client waits for `100 Continue` before it sends the body.
    static func awaitsContinue(_ head: HTTPRequestHead) -> Bool {
        head.version.minor > 0 && values("expect", head).contains { $0.lowercased() == "100-continue" }
            && (head.headers.contains(name: "transfer-encoding")
                || values("content-length", head).contains { $0 != "0" })
    }

    /// The bytes of the target and the headers.
    static func size(of head: HTTPRequestHead) -> Int {
        head.headers.reduce(head.uri.utf8.count) { $0 + $1.name.utf8.count + $1.value.utf8.count }
    }

    /// The host of a target in absolute form, which replaces the Host header (RFC 9112 §3.2.2); nil for another form.
    static func authority(of target: String) -> Substring? {
        for scheme in ["http://", "https://"] where target.prefix(scheme.count).lowercased() == scheme {
            return target.dropFirst(scheme.count).prefix { !"/?#".contains($0) }
        }
        return nil
    }

    /// The values of a header, without the blanks around them.
    private static func values(_ name: String, _ head: HTTPRequestHead) -> [String] {
        head.headers[name].map { value in
            let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
            let bytes = value.utf8.drop(while: isBlank)
            return String(decoding: bytes.reversed().drop(while: isBlank).reversed(), as: UTF8.self)
        }
    }

    private static func isTarget(_ target: String, of method: HTTPMethod) -> Bool {
        if let authority = authority(of: target) { return isHost(String(authority)) }
        return target.hasPrefix("/") || (target == "*" && method == .OPTIONS)
    }

    /// Whether a text is a host name or address with or without a port (RFC 3986 §3.2.2, of registered names those that DNS has).
    static func isHost(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        let isAddress = bytes.first == UInt8(ascii: "[")
        let end =
            isAddress ? bytes.firstIndex(of: UInt8(ascii: "]")).map { $0 + 1 } : bytes.firstIndex(of: UInt8(ascii: ":"))
        if isAddress, end == nil { return false }
        let (name, port) = (bytes[..<(end ?? bytes.count)], bytes[(end ?? bytes.count)...])
        guard isAddress ? isAddressLiteral(name) : (1...255).contains(name.count) && name.allSatisfy(isNameByte) else {
            return false
        }
        guard !port.isEmpty else { return true }
        let digits = port.dropFirst()
        return port.first == UInt8(ascii: ":") && digits.count <= 5 && digits.allSatisfy { (0x30...0x39).contains($0) }
            && (Int(String(decoding: digits, as: UTF8.self)) ?? 0) <= 65_535
    }

    /// `[2001:db8::1]`, with its brackets.
    private static func isAddressLiteral(_ bytes: ArraySlice<UInt8>) -> Bool {
        let inner = bytes.dropFirst().dropLast()
        return (2...45).contains(inner.count) && inner.filter { $0 == UInt8(ascii: ":") }.count >= 2
            && inner.allSatisfy { byte in
                (0x30...0x3a).contains(byte) || (0x61...0x66).contains(byte | 0x20) || byte == UInt8(ascii: ".")
            }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (0x61...0x7a).contains(byte | 0x20) || (0x30...0x39).contains(byte) || "-._~".utf8.contains(byte)
    }
}
