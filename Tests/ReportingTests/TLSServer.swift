import TestSupport

/// `openssl s_server` on a free port of loopback, which answers every request with a page.
final class TLSServer {
    let url: String
    private let program: Program
    private let certificate: TestCertificate

    init(_ certificate: TestCertificate, _ arguments: [String] = []) async throws {
        self.certificate = certificate
        let files = ["-cert", certificate.certificatePath, "-key", certificate.keyPath]
        program = try Program("openssl", ["s_server", "-accept", "127.0.0.1:0", "-www"] + files + arguments)
        // It prints the port once it listens.
        for _ in 0..<6000 {
            if let line = program.output.split(separator: "\n").first(where: { $0.hasPrefix("ACCEPT ") }),
                let port = line.split(separator: ":").last
            {
                url = "https://127.0.0.1:\(port)"
                return
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw TLSServerError(description: program.errors)
    }
}

struct TLSServerError: Error, CustomStringConvertible {
    let description: String
}
