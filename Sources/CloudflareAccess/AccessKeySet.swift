package import OpenSSLBridge
package import PostureModel

/// The keys of a JWK set (RFC 7517 §5) that RS256 signatures are verified with, by their ids.
///
/// Keys of other kinds and for other purposes are passed over.
package struct AccessKeySet {
    /// The keys.
    package let keys: [String: PublicKey]
    /// The ids that several different keys have: none of those is used, since which one is meant is not known.
    let sharedIDs: [String]

    /// The most keys that a set may have, of any kind.
    package static let limit = 16

    /// Why a set is not used at all.
    package enum Flaw: Error, Equatable, CustomStringConvertible {
        case notJSON(WireError)
        case repeatedName
        case tooManyKeys(Int)

        /// The error, as a clause without a subject.
        package var description: String {
            switch self {
            case .notJSON(let error): "\(error)"
            case .repeatedName: "has an object in which a name is there twice"
            case .tooManyKeys(let count): "has \(count) keys; at most \(AccessKeySet.limit) are taken"
            }
        }
    }

    /// Reads a set.
    init(parsing bytes: [UInt8]) throws(Flaw) {
        let entries: [Entry]
        do throws(WireError) { entries = try Wire.decode(Document.self, from: bytes).keys } catch {
            throw .notJSON(error)
        }
        guard JSONScanner.hasUniqueNames(bytes) else { throw .repeatedName }
        guard entries.count <= Self.limit else { throw .tooManyKeys(entries.count) }
        var found: [String: [PublicKey]] = [:]
        for entry in entries {
            guard let (id, key) = entry.usable else { continue }
            if found[id]?.contains(where: { $0.jwk == key.jwk }) != true { found[id, default: []].append(key) }
        }
        keys = found.compactMapValues { $0.count == 1 ? $0[0] : nil }
        sharedIDs = found.filter { $0.value.count > 1 }.keys.sorted()
    }

    private struct Document: Decodable {
        var keys: [Entry]
    }

    /// One key; a member that is there with another type than its own makes it unusable, as another value does.
    private struct Entry: Decodable {
        /// The key and its id, if it may verify RS256 signatures.
        let usable: (String, PublicKey)?

        private enum CodingKeys: String, CodingKey {
            case kid, alg, use, d
            case operations = "key_ops"
        }

        init(from decoder: any Decoder) throws {
            guard let object = try? decoder.container(keyedBy: CodingKeys.self),
                let kid = try? object.decode(String.self, forKey: .kid),
                Self.permits(object, .alg, { (alg: String) in alg == "RS256" }),
                Self.permits(object, .use, { (use: String) in use == "sig" }),
                Self.permits(object, .operations, { (operations: [String]) in operations == ["verify"] }),
                // A private key that was published.
                !object.contains(.d),
                let jwk = try? JWK(from: decoder), case .rsa = jwk, let key = try? PublicKey(jwk)
            else {
                usable = nil
                return
            }
            usable = (kid, key)
        }

        /// Whether a member is left out, or has a value that is good.
        private static func permits<Value: Decodable>(
            _ object: KeyedDecodingContainer<CodingKeys>,
            _ member: CodingKeys,
            _ isGood: (Value) -> Bool
        ) -> Bool {
            guard object.contains(member) else { return true }
            return (try? object.decode(Value.self, forKey: member)).map(isGood) ?? false
        }
    }
}
