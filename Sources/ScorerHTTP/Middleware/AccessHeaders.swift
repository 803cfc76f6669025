internal import CloudflareAccess
internal import HTTPTypes
internal import Hummingbird

extension AccessVerifier {
    /// Returns the caller of `request`.
    ///
    /// - Throws: why its token is refused, for the log: the caller learns nothing but 403.
    func identity(of request: Request) async throws(AccessToken.Refusal) -> AccessIdentity {
        try await grant(of: request.one("Cf-Access-Jwt-Assertion")).identity
    }
}

extension ServiceToken {
    /// Returns the caller of `request`, by its two headers.
    func identity(of request: Request) throws(AccessToken.Refusal) -> AccessIdentity {
        try identity(
            clientID: request.one("CF-Access-Client-Id"),
            secret: request.one("CF-Access-Client-Secret")
        )
    }
}

extension Request {
    /// The one header of this name.
    ///
    /// - Throws: where there is none, or more than one: a proxy before the scorer may have checked the other one.
    func one(_ name: String) throws(AccessToken.Refusal) -> String {
        let values = HTTPField.Name(name).map { headers[values: $0] } ?? []
        guard let value = values.first else { throw AccessToken.Refusal("there is no header \(name)") }
        guard values.count == 1 else { throw AccessToken.Refusal("there are \(values.count) headers \(name)") }
        return value
    }
}
