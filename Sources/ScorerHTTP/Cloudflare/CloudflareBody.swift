internal import DeviceIdentity
internal import PostureModel

/// The body of a posture query, `{"devices": […]}`, read liberally.
///
/// Its documentation shows an object where its own sample takes an array, and the sample's example says `Devices`;
/// what "Test and save" sends is written nowhere. So `devices` or `Devices`, an array, an object, null or missing, or
/// nested once, or the array alone, all are understood. A number counts as its digits; any other field that is no
/// string is blank. An entry without an id cannot be answered, and is passed over.
struct CloudflareBody {
    let devices: [PostureRow]
    /// The shape of the body without its values, for the log.
    let shape: String

    /// The most devices of one request: what Cloudflare says it sends at most.
    static let deviceLimit = 1000
    /// The most bytes of one request: 1,000 devices with every field at its longest are about 1 MiB.
    static let sizeLimit = 4 * 1024 * 1024
    static let listNames = ["devices", "Devices"]
    static let fieldNames = ["device_id", "email", "serial_number", "mac_address", "virtual_ipv4", "hostname"]

    init(parsing bytes: [UInt8]) throws(Problem) {
        guard bytes.contains(where: { !Self.isBlank($0) }) else {
            (devices, shape) = ([], "nothing")
            return
        }
        let document: LooseJSON
        do { document = try Wire.decode(from: bytes) } catch { throw Problem(.malformed, "the body \(error)") }
        let entries = try Self.entries(of: document, depth: 0)
        guard entries.count <= Self.deviceLimit else {
            throw Problem(.tooManyDevices, "more than \(Self.deviceLimit) devices: ask about them in several requests")
        }
        devices = entries.compactMap(Self.device)
        shape = document.shape
    }

    private static func isBlank(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0a, 0x0d].contains(byte) }

    private static func entries(of value: LooseJSON, depth: Int) throws(Problem) -> [LooseJSON] {
        switch value {
        case .null: return []
        case .array(let entries): return entries
        case .object(let members):
            if let name = listNames.first(where: { members[$0] != nil }), depth < 2 {
                return try entries(of: members[name] ?? .null, depth: depth + 1)
            }
            if members["device_id"] != nil { return [value] }
            // Devices by a name of each, as some languages write an array.
            let devices = members.sorted { $0.key < $1.key }.map(\.value).filter { device(of: $0) != nil }
            guard depth == 0 || members.isEmpty || !devices.isEmpty else { break }
            return depth == 0 ? [] : devices
        default: break
        }
        throw Problem(.malformed, "the body has no array of devices")
    }

    private static func device(of entry: LooseJSON) -> PostureRow? {
        guard case .object(let members) = entry else { return nil }
        func field(_ name: String, limit: Int) -> String { members[name]?.text(limit: limit) ?? "" }
        let id = field("device_id", limit: 1024)
        guard !id.isEmpty else { return nil }
        return PostureRow(
            deviceID: id,
            serialNumber: field("serial_number", limit: 256),
            macAddress: field("mac_address", limit: 128),
            hostname: field("hostname", limit: 255),
            email: field("email", limit: 320),
            virtualIPv4: field("virtual_ipv4", limit: 64)
        )
    }
}
