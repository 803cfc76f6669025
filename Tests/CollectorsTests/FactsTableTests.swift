import Collectors
import FoundationEssentials
import OpenSSLBridge
import PostureModel
import Testing

@Suite("The table of facts")
struct FactsTableTests {
    static let rows: [[String]] = {
        let file = fixtures.appending(path: "../../../docs/facts.md").standardizedFileURL
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst().map { row in
            row.dropFirst().dropLast().split(separator: "|").map { $0.trimming(" ") }
        }
    }()

    @Test("has a row for every fact of a report, and none for anything else")
    func complete() throws {
        let keys = Self.rows.map { $0.count > 1 ? $0[1].trimming("`") : "" }
        #expect(keys.count == Set(keys).count)
        let json = try FactKeys.keys(of: Wire.encode(Machine("laptop-warp").facts()))
        #expect(Set(keys) == json.union(["warp_ids"]))
    }

    @Test("says of each where it comes from")
    func sources() {
        for row in Self.rows {
            #expect(row.count == 4, "\(row)")
            #expect(row.prefix(3).allSatisfy { !$0.isEmpty }, "\(row)")
        }
    }

    @Test("is that of docs/wire-format.md: every key of a posture is in both")
    func wireFormat() throws {
        let file = fixtures.appending(path: "../../../docs/wire-format.md").standardizedFileURL
        let text = try String(contentsOf: file, encoding: .utf8)
        for row in Self.rows {
            let key = try #require(row[1].trimming("`").split(separator: ".").last)
            #expect(text.contains("`\(key)`") || text.contains(".\(key)`") || text.contains("\"\(key)\""), "\(key)")
        }
    }
}

/// The paths of the facts in a JSON object: those of groups are in them.
private enum FactKeys {
    static func keys(of json: [UInt8]) throws -> Set<String> {
        var keys: Set<String> = []
        for (name, value) in try JSONDecoder().decode([String: Members].self, from: Data(json)) {
            if ["serials", "posture"].contains(name) {
                keys.formUnion(value.names.map { "\(name).\($0)" })
            } else {
                keys.insert(name)
            }
        }
        return keys
    }

    /// The names of an object's members.
    struct Members: Decodable {
        var names: [String]

        private struct AnyKey: CodingKey {
            var stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        init(from decoder: any Decoder) throws {
            names = try decoder.container(keyedBy: AnyKey.self).allKeys.map(\.stringValue)
        }
    }
}

extension StringProtocol {
    fileprivate func trimming(_ character: Character) -> String {
        String(drop { $0 == character }.reversed().drop { $0 == character }.reversed())
    }
}
