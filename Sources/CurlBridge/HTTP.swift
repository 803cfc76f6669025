/// A request, whole in memory.
package struct HTTPRequest: Sendable {
    /// The methods in use.
    package enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
    }

    /// The method.
    package var method: Method
    /// An `http` or `https` URL.
    package var url: String
    /// Headers, name and value.
    ///
    /// A line break in either makes the request fail.
    package var headers: [(name: String, value: String)]
    /// The body of a `POST`.
    package var body: [UInt8]

    package init(
        _ method: Method = .get,
        _ url: String,
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = []
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

/// A response, whole in memory.
package struct HTTPResponse: Sendable {
    /// The status, such as 200.
    ///
    /// A redirection is returned, not followed.
    package var status: Int
    /// Headers by lower-case name; of several with one name the last.
    ///
    /// A value that came has a thousand characters of visible ASCII and spaces at most: `?` stands for any other.
    package var headers: [String: String]
    /// The body.
    package var body: [UInt8]

    package init(status: Int, headers: [String: String] = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
