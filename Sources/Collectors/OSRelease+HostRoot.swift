public import PostureModel

extension HostRoot {
    /// Reads what the operating system says of itself.
    ///
    /// Every Linux that a person installs has one of the files. Where neither is there, what runs is unknown, which
    /// must not read as "this does not apply".
    ///
    /// - Source: `/etc/os-release`, and `/usr/lib/os-release` where there is none
    /// - SeeAlso: <https://www.freedesktop.org/software/systemd/man/latest/os-release.html>
    public borrowing func osRelease() -> Observation<OSRelease> {
        do throws(HostReadError) {
            let path = try contains("etc/os-release") ? "etc/os-release" : "usr/lib/os-release"
            let file = try bytes(at: path)
            return .observed(OSRelease(parsing: file.span))
        } catch {
            return Observation(error)
        }
    }
}

extension OSRelease {
    /// Picks three assignments out of os-release(5); whatever is none is skipped, and the last one counts.
    init(parsing file: Span<UInt8>) {
        var values: [String: String] = [:]
        var start = 0
        while start < file.count {
            var end = start
            while end < file.count, file[end] != UInt8(ascii: "\n") { end += 1 }
            if let (name, value) = assignment(file.extracting(start..<end)) {
                values[name] = value.isEmpty ? nil : value
            }
            start = end + 1
        }
        self.init(id: values["ID"] ?? "linux", versionID: values["VERSION_ID"], prettyName: values["PRETTY_NAME"])
    }
}

/// One `NAME=value` line with the quoting of a POSIX shell, or nil.
///
/// os-release(5) allows a subset of it: no expansion, nothing behind the value.
private func assignment(_ line: Span<UInt8>) -> (name: String, value: String)? {
    var index = 0
    var name: [UInt8] = []
    while index < line.count, line[index] != UInt8(ascii: "=") {
        name.append(line[index])
        index += 1
    }
    guard index < line.count else { return nil }
    index += 1

    var value: [UInt8] = []
    var quote: UInt8?
    while index < line.count {
        let byte = line[index]
        index += 1
        switch (byte, quote) {
        case (UInt8(ascii: "\""), nil), (UInt8(ascii: "'"), nil): quote = byte
        case (_, .some(byte)): quote = nil
        case (UInt8(ascii: " "), nil), (UInt8(ascii: "\t"), nil), (UInt8(ascii: "\r"), nil): index = line.count
        case (UInt8(ascii: "\\"), nil), (UInt8(ascii: "\\"), UInt8(ascii: "\"")):
            guard index < line.count else { break }
            // Between double quotes a backslash stands for itself, save before these four.
            if quote != nil, !"$\"`\\".utf8.contains(line[index]) { value.append(byte) }
            value.append(line[index])
            index += 1
        default: value.append(byte)
        }
    }
    return (
        String(decoding: name, as: UTF8.self).trimmed(),
        String(decoding: value, as: UTF8.self).trimmed().bounded()
    )
}
