@testable internal import Collectors

/// The kernel's table of mounts, in which users choose names: of what they plug in, and of what they mount by FUSE.
///
/// What holds: there is no more than a mount for each line, each point is there once, and is found by its own path and by
/// those below it; a mount is the same when it is written and read again.
func fuzzMountInfo(_ bytes: [UInt8]) {
    let mounts = MountTable(parsing: String(decoding: bytes, as: UTF8.self)).mounts
    hold(mounts.count <= bytes.split(separator: UInt8(ascii: "\n")).count, "a line is one mount at most")
    hold(zip(mounts, mounts.dropFirst()).allSatisfy { $0.point < $1.point }, "mounts are in the order of their points")
    let table = MountTable(parsing: mounts.map(line).joined())
    hold(table.mounts.map(\.point) == mounts.map(\.point), "points are the same when they are written and read again")
    for (mount, again) in zip(mounts, table.mounts) {
        hold(mount.device == again.device && mount.root == again.root, "a mount is the same when it is read again")
        hold(mount.type == again.type && mount.source == again.source, "and of the same source")
        hold(table.containing(mount.point)?.point == mount.point, "a mount is found by its point")
    }
}

/// The mount as the kernel writes it.
private func line(_ mount: MountTable.Mount) -> String {
    let fields = [mount.device, mount.root, mount.point].map(escaped)
    return "1 0 \(fields.joined(separator: " ")) rw - \(escaped(mount.type)) \(escaped(mount.source)) rw\n"
}

private func escaped(_ field: String) -> String {
    String(
        decoding: field.utf8.flatMap { byte -> [UInt8] in
            guard byte <= 0x20 || byte == UInt8(ascii: "\\") else { return [byte] }
            let digits = String(byte, radix: 8)
            return Array("\\\(String(repeating: "0", count: 3 - digits.utf8.count))\(digits)".utf8)
        },
        as: UTF8.self
    )
}
