import Glibc
import PostureModel

extension HostRoot {
    /// The kernel's name of the block device that something calls `/dev/dm-1`, `/dev/mapper/vg-home`, `/dev/vg/home`,
    /// `/dev/disk/by-uuid/…` or `UUID=…`; nil where nothing here knows it.
    ///
    /// A sandbox hides the links in `/dev`: udev's records of them, and device-mapper's names, are asked as well.
    ///
    /// - Source: `/sys/class/block`, the links in `/dev`, `/run/udev/data`, `dm/name` of each device
    borrowing func deviceName(at source: String) throws(HostReadError) -> String? {
        guard let path = Self.pathOfDevice(source) else { return nil }
        // sysfs has `!` in the place of a slash: `cciss!c0d0`.
        let kernelName = path.replacing("/", with: "!")
        if try contains("sys/class/block/\(kernelName)") { return kernelName }
        var link = "dev/\(path)"
        for _ in 0..<4 {
            guard let target = try? target(of: link) else { break }
            link = target
            guard let name = link.split(separator: "/").last else { break }
            if try contains("sys/class/block/\(name)") { return String(name) }
        }
        if let name = try nameFromUdev(path) { return name }
        return try nameFromMapper(path)
    }

    /// The path below `/dev` that a source means.
    private static func pathOfDevice(_ source: String) -> String? {
        if source.hasPrefix("/dev/") { return String(source.dropFirst("/dev/".count)) }
        for (tag, directory) in deviceTags where source.hasPrefix("\(tag)=") {
            let value = source.dropFirst(tag.count + 1).filter { $0 != "\"" }
            return value.isEmpty ? nil : "disk/\(directory)/\(escaped(value))"
        }
        return nil
    }

    /// The device whose record has this link: `S:disk/by-uuid/…`.
    private borrowing func nameFromUdev(_ path: String) throws(HostReadError) -> String? {
        let folder = "run/udev/data"
        // There may be too many to list.
        guard let records = try? entries(of: folder) else { return nil }
        for record in records where record.hasPrefix("b") {
            let lines = try text(at: "\(folder)/\(record)", limit: 1 << 20).split(separator: "\n")
            guard lines.contains(where: { $0 == "S:\(path)" }) else { continue }
            return try target(of: "sys/dev/block/\(record.dropFirst())")?.split(separator: "/").last.map(String.init)
        }
        return nil
    }

    /// The device of device-mapper of this name: LVM joins the names of group and volume, with each dash doubled.
    private borrowing func nameFromMapper(_ path: String) throws(HostReadError) -> String? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 || path.hasPrefix("disk/by-id/dm-name-") else { return nil }
        let name =
            parts.count > 2
            ? String(path.dropFirst("disk/by-id/dm-name-".count))
            : parts[0] == "mapper"
                ? String(parts[1]) : parts.map { $0.replacing("-", with: "--") }.joined(separator: "-")
        for device in try entries(of: "sys/class/block").prefix(1024) where device.hasPrefix("dm-") {
            if try textIfThere(at: "sys/class/block/\(device)/dm/name") == name { return device }
        }
        return nil
    }
}

/// The tags that mount(8) takes in the place of a path, and where udev has links for them.
private let deviceTags = [
    ("UUID", "by-uuid"), ("LABEL", "by-label"), ("PARTUUID", "by-partuuid"), ("PARTLABEL", "by-partlabel"),
    ("ID", "by-id"),
]

/// A text as udev writes it in the name of a link: `\x20` for a space.
private func escaped(_ text: String) -> String {
    let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789#+-.:=@_".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
        if plain.contains(byte) || byte >= 0x80 {
            bytes.append(byte)
        } else {
            bytes += Array("\\x\(Hexadecimal.encode([byte]))".utf8)
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}
