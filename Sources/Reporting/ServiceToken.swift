internal import PostureModel

/// A service token of Cloudflare Access: it lets a request through to the scorer, and says nothing about the device.
///
/// - SeeAlso: <https://developers.cloudflare.com/cloudflare-one/access-controls/service-credentials/service-tokens/>
package struct ServiceToken: Sendable, Equatable, CustomStringConvertible {
    /// The two headers that carry it.
    let headers: [(name: String, value: String)]

    /// Why a text is no service token; nothing of the text is in it.
    package struct Flaw: Error, CustomStringConvertible {
        /// What the text should be.
        package var description: String {
            "has to be two lines, as Cloudflare shows them: 'CF-Access-Client-Id: …' and 'CF-Access-Client-Secret: …'"
        }
    }

    private static let names = ["CF-Access-Client-Id", "CF-Access-Client-Secret"]

    /// Reads the two headers, a line each, in any order.
    package init(parsing text: String) throws(Flaw) {
        var values: [String: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            guard let colon = line.firstIndex(of: ":") else { throw Flaw() }
            let name = line[..<colon].lowercased()
            let value = String(line[line.index(after: colon)...]).trimmed()
            guard values.updateValue(value, forKey: name) == nil, (1...256).contains(value.utf8.count),
                value.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
            else { throw Flaw() }
        }
        let headers = Self.names.compactMap { name in values[name.lowercased()].map { (name: name, value: $0) } }
        guard headers.count == 2, values.count == 2 else { throw Flaw() }
        self.headers = headers
    }

    /// Whether both are the same token.
    package static func == (left: ServiceToken, right: ServiceToken) -> Bool {
        left.headers.map(\.value) == right.headers.map(\.value)
    }

    /// No part of the secret.
    package var description: String { "a service token" }
}

extension ServiceToken: CustomReflectable {
    /// Nothing, so that no dump shows the secret.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
