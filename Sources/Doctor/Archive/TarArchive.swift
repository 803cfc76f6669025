/// A tar archive in memory: regular files of mode 0600, in the format of POSIX (pax(1), "ustar Interchange Format").
struct TarArchive {
    /// Bytes of a member: more is cut, and its end says so.
    static let memberLimit = 2 * 1024 * 1024
    private static let block = 512
    private let seconds: Int64
    private var bytes: [UInt8] = []

    /// Begins an archive whose members were all written at a moment, in seconds since 1970.
    init(at seconds: Int64) { self.seconds = max(0, seconds) }

    /// Adds a file; its name is one of ours, of at most 100 bytes.
    mutating func add(_ name: String, _ text: String) {
        var content = Array(text.utf8)
        if content.count > Self.memberLimit {
            content = content.prefix(Self.memberLimit) + Array("\n(cut here)\n".utf8)
        }
        bytes += header(name, size: content.count)
        bytes += content
        bytes += [UInt8](repeating: 0, count: (Self.block - content.count % Self.block) % Self.block)
    }

    /// The whole archive: two empty blocks end it.
    var whole: [UInt8] { bytes + [UInt8](repeating: 0, count: 2 * Self.block) }

    private func header(_ name: String, size: Int) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: Self.block)
        func put(_ text: String, at offset: Int, length: Int) {
            for (index, byte) in text.utf8.prefix(length).enumerated() { header[offset + index] = byte }
        }
        func octal(_ number: Int64, _ digits: Int) -> String {
            let text = String(number, radix: 8)
            return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
        }
        put(name, at: 0, length: 100)
        put(octal(0o600, 7), at: 100, length: 7)
        put(octal(0, 7), at: 108, length: 7)
        put(octal(0, 7), at: 116, length: 7)
        put(octal(Int64(size), 11), at: 124, length: 11)
        put(octal(seconds, 11), at: 136, length: 11)
        put("0", at: 156, length: 1)
        put("ustar\u{0}00", at: 257, length: 8)
        put("root", at: 265, length: 32)
        put("root", at: 297, length: 32)
        // The sum counts its own field as eight spaces.
        put("        ", at: 148, length: 8)
        let sum = header.reduce(0) { $0 + Int64($1) }
        put(octal(sum, 6) + "\u{0} ", at: 148, length: 8)
        return header
    }
}
