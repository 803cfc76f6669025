internal import Hummingbird
internal import PostureModel
internal import ScorerCore

/// The trusted CAs on the operators' listener, in the form of Cloudflare's calls for mTLS certificates.
///
/// Errors are problem documents, as everywhere else here.
///
/// - SeeAlso: <https://developers.cloudflare.com/api/resources/mtls_certificates/>
struct CertificateRoutes {
    let support: OperatorHandlerSupport

    func add(to group: RouterGroup<OperatorContext>) {
        group.post(use: upload)
            .get(use: list)
            .get(":id", use: show)
            .delete(":id", use: remove)
    }

    @Sendable private func upload(_ request: Request, _ context: OperatorContext) async throws -> Response {
        let upload = try CertificateUpload(parsing: await request.bytes(upTo: TrustedCA.sizeLimit))
        return try await answer {
            let ca = try TrustedCA(name: upload.name, certificates: Array(upload.certificates.utf8))
            return try await cas(context).add(ca)
        }
    }

    @Sendable private func list(_ request: Request, _ context: OperatorContext) async throws -> Response {
        try await answer { try await cas(context).all() }
    }

    @Sendable private func show(_ request: Request, _ context: OperatorContext) async throws -> Response {
        try await answer { try await cas(context).show(context.parameters.get("id") ?? "") }
    }

    @Sendable private func remove(_ request: Request, _ context: OperatorContext) async throws -> Response {
        try await answer {
            let id = context.parameters.get("id") ?? ""
            if request.uri.queryParameters["confirm"] != "true" {
                try await support.scorer.changes.allowRemoval(ofCA: id, at: support.scorer.now())
            }
            return try await cas(context).remove(id)
        }
    }

    private func cas(_ context: OperatorContext) -> TrustedCAs { TrustedCAs(support.commands(context)) }

    private func answer<Value: Encodable>(_ result: () async throws -> Value) async throws -> Response {
        try await support.answer { Envelope(result: try await result()) }
    }
}

/// The envelope of Cloudflare's API around a result.
private struct Envelope<Value: Encodable>: Encodable {
    var success = true
    var errors: [String] = []
    var messages: [String] = []
    var result: Value
}

/// The body of a request that uploads a CA.
struct CertificateUpload: Decodable {
    let name: String
    let certificates: String

    init(parsing bytes: [UInt8]) throws(Problem) {
        let body: Body
        do { body = try Wire.decode(from: bytes) } catch { throw Problem(.malformed, "the body \(error)") }
        guard let upload = body.upload else { throw OperatorError.privateKey.problem }
        self = upload
    }

    init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: CodingKeys.self)
        name = try object.decode(String.self, forKey: .name)
        certificates = try object.decode(String.self, forKey: .certificates)
        guard try object.decode(Bool.self, forKey: .ca) else {
            throw DecodingError.dataCorruptedError(
                forKey: .ca,
                in: object,
                debugDescription: "only certificates of CAs are taken: true"
            )
        }
    }

    private enum CodingKeys: String, CodingKey {
        case name, certificates, ca
        case privateKey = "private_key"
    }

    /// Looks for a private key before anything else, so that no other error hides it.
    private struct Body: Decodable {
        let upload: CertificateUpload?

        init(from decoder: any Decoder) throws {
            let object = try decoder.container(keyedBy: CodingKeys.self)
            let hasKey = try object.contains(.privateKey) && !object.decodeNil(forKey: .privateKey)
            upload = hasKey ? nil : try CertificateUpload(from: decoder)
        }
    }
}
