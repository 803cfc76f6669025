internal import ConfigurationFile
internal import OpenSSLBridge

extension AgentConfiguration {
    /// The scorer to report to, and the way there.
    package struct Scorer: Sendable, Equatable {
        /// Its URL, without a slash at its end.
        package var url: String
        /// A PEM file of CAs to trust instead of the system's.
        package var caFile: String?
        /// The public keys that its TLS certificate may have, as SHA-256 in base64; empty for any.
        package var pins: [String] = []
        /// The proxy; nil for the environment's, empty for none.
        package var proxy: String?
        /// The token that lets the device register.
        package var enrolmentToken: Secret?
        /// The service token that Cloudflare Access lets the agent through by.
        package var serviceToken: Secret?

        /// Names a scorer, and no more than that.
        package init(url: String, caFile: String? = nil) { (self.url, self.caFile) = (url, caFile) }
    }
}

/// The `[scorer]` table's form.
struct ScorerTable: Decodable {
    var url: String
    var allowPlainHTTP: Bool?
    var caFile: AbsolutePath?
    var pins: [String]?
    var proxy: String?
    var enrolmentTokenFile: AbsolutePath?
    var enrolmentTokenCredential: String?
    var serviceTokenFile: AbsolutePath?
    var serviceTokenCredential: String?

    private enum CodingKeys: String, CodingKey {
        case url, pins, proxy
        case allowPlainHTTP = "allow_plain_http"
        case caFile = "ca_file"
        case enrolmentTokenFile = "enrolment_token_file"
        case enrolmentTokenCredential = "enrolment_token_credential"
        case serviceTokenFile = "service_token_file"
        case serviceTokenCredential = "service_token_credential"
    }

    /// The scorer that the table describes; `credentials` is the directory of systemd's credentials, if there is one.
    func scorer(
        of file: ConfigurationFile,
        credentials: String?
    ) throws(ConfigurationError) -> AgentConfiguration.Scorer {
        // libcurl would say it later, and at every report.
        if let caFile = caFile?.text {
            try checkAuthorities(in: caFile)
            try checkOwnership(of: [caFile])
        }
        var scorer = AgentConfiguration.Scorer(url: try checkedURL(of: file), caFile: caFile?.text)
        let isPlain = scorer.url.hasPrefix("http:")
        scorer.serviceToken = try secret(
            of: file,
            file: (serviceTokenFile, "scorer.service_token_file"),
            credential: (serviceTokenCredential, "scorer.service_token_credential"),
            credentials: credentials
        )
        guard scorer.serviceToken == nil || !isPlain else {
            throw file.error("scorer.url", "has to be https with a service token, which is a secret")
        }
        scorer.enrolmentToken = try secret(
            of: file,
            file: (enrolmentTokenFile, "scorer.enrolment_token_file"),
            credential: (enrolmentTokenCredential, "scorer.enrolment_token_credential"),
            credentials: credentials
        )
        if let pins { scorer.pins = try checkedPins(pins, of: file, isPlain: isPlain) }
        scorer.proxy = try checkedProxy(of: file, isLoopback: isLoopback(url: scorer.url))
        return scorer
    }

    /// Checks that libcurl, which reads the file by itself, finds the certificates in it that everybody else finds.
    private func checkAuthorities(in path: String) throws(ConfigurationError) {
        let count = try certificates(in: [path]).count
        let bytes = try readFile(path)
        guard (try? Certificate.countAsOpenSSL(reads: bytes)) == count else {
            throw ConfigurationError(
                path,
                "has \(count) certificates, in a form that libcurl does not read: write them anew, each by "
                    + "'openssl x509 -inform \(bytes.first == 0x30 ? "DER" : "PEM") -in \(path)'"
            )
        }
    }

    private func checkedURL(of file: ConfigurationFile) throws(ConfigurationError) -> String {
        let checked = try file.url(url, "scorer.url", allowsPlain: true)
        guard !checked.hasPrefix("http:") || isLoopback(url: checked) || allowPlainHTTP == true else {
            throw file.error(
                "scorer.url",
                "'\(url)' is not an https URL: anybody on the way could read serial numbers and the enrolment token; "
                    + "use https, or set allow_plain_http = true where the network is to be trusted with them"
            )
        }
        return checked
    }

    private func secret(
        of file: ConfigurationFile,
        file path: (value: AbsolutePath?, key: String),
        credential: (value: String?, key: String),
        credentials: String?
    ) throws(ConfigurationError) -> Secret? {
        guard let name = credential.value else { return path.value.map { .file($0.text) } }
        guard path.value == nil else { throw file.error(credential.key, "stands in the place of \(path.key)") }
        return .credential(try Credential(name, of: file, credential.key, directory: credentials))
    }
}

extension ScorerTable {
    /// The digests of `sha256/…` (RFC 7469 §2.1.1 writes `pin-sha256`), checked.
    private func checkedPins(
        _ pins: [String],
        of file: ConfigurationFile,
        isPlain: Bool
    ) throws(ConfigurationError) -> [String] {
        let key = "scorer.pins"
        guard !isPlain else { throw file.error(key, "says nothing for an http URL") }
        guard serviceTokenFile == nil, serviceTokenCredential == nil else {
            throw file.error(key, "cannot be used behind Cloudflare Access, whose edge changes its keys: remove them")
        }
        var digests: [String] = []
        for pin in pins {
            let digest = String(pin.dropFirst("sha256/".count))
            guard pin.hasPrefix("sha256/"), digest.isSHA256InBase64 else {
                throw file.error(key, "'\(pin)' is not sha256/ and the base64 of 32 bytes")
            }
            if !digests.contains(digest) { digests.append(digest) }
        }
        guard (2...8).contains(digests.count) else {
            throw file.error(key, "are two to eight different ones: with one, a lost key could not be replaced")
        }
        return digests
    }

    /// The proxy as libcurl takes it (CURLOPT_PROXY(3)); nothing of it is in an error, since it may have a password.
    private func checkedProxy(
        of file: ConfigurationFile,
        isLoopback: Bool
    ) throws(ConfigurationError) -> String? {
        let key = "scorer.proxy"
        // A proxy has another loopback.
        guard let proxy else { return isLoopback ? "" : nil }
        guard !isLoopback else { throw file.error(key, "says nothing for a scorer on this machine") }
        let schemes = ["http://", "https://", "socks5h://"]
        guard let scheme = schemes.first(where: proxy.hasPrefix), proxy.utf8.count > scheme.utf8.count,
            proxy.utf8.count <= 1024, proxy.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
        else { throw file.error(key, "is a URL that starts with http://, https:// or socks5h://") }
        return proxy
    }
}

extension String {
    fileprivate var isSHA256InBase64: Bool {
        utf8.count == 44 && hasSuffix("=")
            && utf8.dropLast().allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
                    true
                default: false
                }
            }
    }
}
