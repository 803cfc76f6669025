import Foundation

/// What `openssl` is asked for, and the files it works on.
struct CertificateRequest {
    /// The files' path without their extensions.
    let stem: String
    let subject: [(String, String)]
    let issuer: TestCertificate?
    let key: TestPKI.Key
    let validity: TestPKI.Validity
    let extensions: [String: String?]
    let digest: String

    var certificatePath: String { stem + ".pem" }
    var keyPath: String {
        if case .of(let other) = key { other.keyPath } else { stem + ".key" }
    }

    func run() throws {
        let configuration = stem + ".cnf"
        try Data(text.utf8).write(to: URL(filePath: configuration))
        guard let (start, end) = validity.dates else {
            let signer = issuer.map { ["-CA", $0.certificatePath, "-CAkey", $0.keyPath] } ?? []
            let days = ["-\(digest)", "-days", "\(validity.days)"]
            try runTool(
                "openssl",
                ["req", "-x509", "-config", configuration, "-out", certificatePath] + days + newKey + signer
            )
            return
        }
        // In OpenSSL 3.0 only `ca` takes dates.
        try runTool("openssl", ["req", "-new", "-config", configuration, "-out", stem + ".csr"] + newKey)
        try Data().write(to: URL(filePath: stem + ".index"))
        let signer = issuer.map { ["-cert", $0.certificatePath, "-keyfile", $0.keyPath] }
        try runTool(
            "openssl",
            [
                "ca", "-batch", "-notext", "-config", configuration, "-in", stem + ".csr", "-out", certificatePath,
                "-startdate", start, "-enddate", end,
            ] + (signer ?? ["-selfsign", "-keyfile", keyPath])
        )
    }

    private var newKey: [String] {
        let make = ["-nodes", "-keyout", keyPath, "-newkey"]
        return switch key {
        case .p256: make + ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
        case .p384: make + ["ec", "-pkeyopt", "ec_paramgen_curve:P-384"]
        case .rsa(let bits): make + ["rsa:\(bits)"]
        case .of(let other): ["-new", "-key", other.keyPath]
        }
    }

    /// The configuration for both `req` and `ca`.
    private var text: String {
        let names = subject.enumerated().map { "\($0.offset).\($0.element.0) = \(quoted($0.element.1))" }
        let identifiers: [String: String?] = ["subjectKeyIdentifier": "hash", "authorityKeyIdentifier": "keyid"]
        let lines = identifiers.merging(extensions) { $1 }.compactMap { name, value in value.map { "\(name) = \($0)" } }
        return """
            [req]
            prompt = no
            utf8 = yes
            string_mask = utf8only
            distinguished_name = subject
            x509_extensions = extensions
            [subject]
            \(names.joined(separator: "\n"))
            [extensions]
            \(lines.sorted().joined(separator: "\n"))
            [ca]
            default_ca = authority
            [authority]
            database = \(stem).index
            new_certs_dir = \(URL(filePath: stem).deletingLastPathComponent().path)
            rand_serial = yes
            unique_subject = no
            default_md = \(digest)
            preserve = yes
            policy = policy
            x509_extensions = extensions
            [policy]
            commonName = optional

            """
    }

    private func quoted(_ value: String) -> String {
        "\"" + value.flatMap { "\\\"$#".contains($0) ? ["\\", $0] : [$0] } + "\""
    }
}
