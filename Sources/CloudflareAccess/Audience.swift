/// One AUD tag, or an array of them: in a token (RFC 7519 §4.1.3) as in a configuration.
package struct Audience: Decodable {
    /// The tags.
    package var values: [String]

    /// Reads one string or an array of strings.
    package init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        do { values = [try value.decode(String.self)] } catch { values = try value.decode([String].self) }
    }
}
