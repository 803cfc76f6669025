/// A request, whole in memory.
public struct HTTPRequest: Sendable {
    /// The methods in use.
    public enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
    }

    /// The method.
    public var method: Method
    /// An `http` or `https` URL.
    public var url: String
    /// Headers, name and value.
    ///
    /// A line break in either makes the request fail.
    public var headers: [(name: String, value: String)]
    /// The body of a `POST`.
    public var body: [UInt8]

    /// Creates a request.
    public init(
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
public struct HTTPResponse: Sendable {
    /// The status, such as 200.
    ///
    /// A redirection is returned, not followed.
    public var status: Int
    /// Headers by lower-case name; of several with one name the last.
    ///
    /// A value that came has a thousand characters of visible ASCII and spaces at most: `?` stands for any other.
    public var headers: [String: String]
    /// The body.
    public var body: [UInt8]

    /// Creates a response.
    public init(status: Int, headers: [String: String] = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
