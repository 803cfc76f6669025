internal import PostureModel
internal import Scoring

/// What Cloudflare sends: `{"devices": […]}`, read liberally.
///
/// Its documentation shows an object where its own sample takes an array, and the sample's example says `Devices`;
/// what "Test and save" sends is written nowhere. So `devices` or `Devices`, an array, null or missing, or nested
/// once, all are understood. A field that is no string is blank. An entry without an id cannot be answered, and is
/// passed over.
struct CloudflareBody: Decodable {
    let devices: [AskedDevice]

    /// The most devices of one request: what Cloudflare says it sends at most.
    static let deviceLimit = 1000
    /// The most bytes of one request: 1,000 devices with every field at its longest are about 1 MiB.
    static let sizeLimit = 4 * 1024 * 1024

    init(parsing bytes: [UInt8]) throws(Problem) {
        guard !bytes.isEmpty else {
            devices = []
            return
        }
        do { self = try Wire.decode(from: bytes) } catch { throw Problem(.malformed, "the body \(error)") }
        guard devices.count <= Self.deviceLimit else {
            throw Problem(.tooManyDevices, "\(devices.count) devices; \(Self.deviceLimit) are allowed")
        }
    }

    init(from decoder: any Decoder) throws {
        devices = try Self.devices(in: decoder.container(keyedBy: AnyKey.self), mayNest: true)
    }

    private static func devices(
        in object: KeyedDecodingContainer<AnyKey>,
        mayNest: Bool
    ) throws -> [AskedDevice] {
        let names = [AnyKey("devices"), AnyKey("Devices")]
        guard let key = names.first(where: object.contains), try !object.decodeNil(forKey: key) else { return [] }
        if mayNest, let nested = try? object.nestedContainer(keyedBy: AnyKey.self, forKey: key) {
            guard nested.allKeys.isEmpty || names.contains(where: nested.contains) else {
                throw DecodingError.dataCorruptedError(forKey: key, in: object, debugDescription: "not an array")
            }
            return try devices(in: nested, mayNest: false)
        }
        return try object.decode([Entry].self, forKey: key).compactMap(\.device)
    }

    private struct Entry: Decodable {
        let device: AskedDevice?

        init(from decoder: any Decoder) throws {
            guard let object = try? decoder.container(keyedBy: AnyKey.self) else {
                device = nil
                return
            }
            func field(_ name: String, limit: Int) -> String {
                let text = (try? object.decode(String.self, forKey: AnyKey(name))) ?? ""
                return text.utf8.count <= limit ? text : ""
            }
            let id = field("device_id", limit: 128)
            device =
                id.isEmpty
                ? nil
                : AskedDevice(
                    deviceID: id,
                    serialNumber: field("serial_number", limit: 256),
                    macAddress: field("mac_address", limit: 128),
                    hostname: field("hostname", limit: 255)
                )
        }
    }

    private struct AnyKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }
    }
}

/// What Cloudflare gets: a score for every device it asked about.
struct CloudflareAnswer: Encodable {
    var result: [String: Entry]

    struct Entry: Encodable {
        /// Our id of the device; empty if we know none.
        var s2sID: String
        var score: Int

        private enum CodingKeys: String, CodingKey {
            case s2sID = "s2s_id"
            case score
        }
    }
}
