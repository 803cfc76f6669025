import Collectors
import FoundationEssentials
import PostureModel

/// Block devices and mounts of a machine, as sysfs and procfs show them.
struct Blocks {
    /// Whose mounts are to be seen.
    var process = "1"
    private var files: [String: String] = [:]
    private var links: [String: String] = [:]
    private var paths: [String: String] = [:]
    private var mountinfo = "20 1 0:20 / /proc rw - proc proc rw\n"

    /// Adds a device, with the UUID of device-mapper, what it is on, or whose partition it is.
    mutating func add(
        _ name: String,
        _ number: String,
        uuid: String? = nil,
        on devices: [String] = [],
        partitionOf disk: String? = nil,
        backing: String? = nil,
        in folder: String = "sys/devices"
    ) {
        let path = disk.flatMap { paths[$0] }.map { "\($0)/\(name)" } ?? "\(folder)/\(name)"
        paths[name] = path
        files["\(path)/dev"] = number + "\n"
        files["\(path)/dm/uuid"] = uuid.map { $0 + "\n" }
        files["\(path)/dm/name"] = uuid.map { _ in "name-of-\(name)\n" }
        files["\(path)/partition"] = disk.map { _ in "1\n" }
        files["\(path)/loop/backing_file"] = backing.map { $0 + "\n" }
        links["sys/dev/block/\(number)"] = "/" + path
        links["sys/class/block/\(name)"] = "/" + path
        for device in devices { links["\(path)/slaves/\(device)"] = "/sys/class/block/\(device)" }
    }

    mutating func mount(
        _ number: String,
        _ point: String,
        root: String = "/",
        type: String = "ext4",
        source: String = "/dev/root",
        options: String = "rw"
    ) {
        mountinfo += "30 20 \(number) \(root) \(point) rw,relatime shared:1 master:2 - \(type) \(source) \(options)\n"
    }

    mutating func write(_ text: String, to path: String) { files[path] = text }
    mutating func link(_ path: String, to destination: String) { links[path] = destination }

    func tree() throws -> TemporaryRoot {
        let tree = try TemporaryRoot(files)
        try tree.write(Data(mountinfo.utf8), to: "proc/\(process)/mountinfo")
        for (path, destination) in links { try tree.link(path, to: destination) }
        return tree
    }

    func disks(denying denied: Set<String> = []) throws -> Observation<[String: Disk]> {
        try tree().disks(denying: denied)
    }
}
