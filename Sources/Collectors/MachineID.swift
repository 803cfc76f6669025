internal import OpenSSLBridge
package import PostureModel

extension HostRoot {
    /// Reads the machine id and derives postured's own from it.
    ///
    /// machine-id(5) is confidential: whoever knows it can compute what any other program calls this machine. What
    /// is given here is the same as `systemd-id128 machine-id --app-specific=fa94ac65763a47b094dfab7f4b5b6ad5`.
    ///
    /// - Source: `/etc/machine-id`
    /// - SeeAlso: <https://man7.org/linux/man-pages/man3/sd_id128_get_machine_app_specific.3.html>
    /// - Returns: 32 hexadecimal digits, a random UUID without its dashes.
    package borrowing func machineID() -> Observation<String> { machineID(hmacSHA256: Digest.hmacSHA256) }

    /// The same with another hash function, for a test of what happens without one.
    borrowing func machineID(hmacSHA256: (_ key: [UInt8], _ message: [UInt8]) -> [UInt8]) -> Observation<String> {
        do throws(HostReadError) {
            let text = try text(at: "etc/machine-id")
            if text.isEmpty || text == "uninitialized" {
                return .notApplicable(reason: "machine-id(5) is not initialised")
            }
            guard let id = parseID128(text) else { return .unreadable(reason: "/etc/machine-id: not 32 hex digits") }
            if id.allSatisfy({ $0 == 0 }) { return .notApplicable(reason: "machine-id(5) is not initialised") }
            let digest = hmacSHA256(id, appID)
            guard digest.count == 32 else { return .unreadable(reason: "HMAC-SHA256 is not to be had") }
            return .observed(uuid4(digest.prefix(16)))
        } catch {
            return Observation(error, absent: "no /etc/machine-id")
        }
    }
}

/// What stands for postured in the derivation: random, no secret, and fixed for ever.
///
/// With another one every machine would be another machine.
private let appID: [UInt8] = [
    0xfa, 0x94, 0xac, 0x65, 0x76, 0x3a, 0x47, 0xb0, 0x94, 0xdf, 0xab, 0x7f, 0x4b, 0x5b, 0x6a, 0xd5,
]

/// The 16 bytes of 32 hexadecimal digits, or nil for any other text.
func parseID128(_ text: String) -> [UInt8]? {
    Hexadecimal.decode(text).flatMap { $0.count == 16 ? $0 : nil }
}

/// Marks 16 bytes as a random UUID (RFC 9562: version 4, variant 0b10), in lower hexadecimal digits without dashes.
private func uuid4(_ bytes: some Sequence<UInt8>) -> String {
    var bytes = Array(bytes)
    bytes[6] = bytes[6] & 0x0f | 0x40
    bytes[8] = bytes[8] & 0x3f | 0x80
    return Hexadecimal.encode(bytes)
}
