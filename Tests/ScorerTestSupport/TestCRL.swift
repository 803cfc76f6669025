internal import Foundation
internal import OpenSSLBridge
package import TestSupport

/// CRLs, made with the `openssl` program.
package enum TestCRL {
    /// A CRL of `ca` as PEM, on which are the certificates `revoked`; good from one time to another as
    /// `YYYYMMDDHHMMSSZ`, all of ``TestCorp``'s years if not told otherwise.
    package static func make(
        by ca: TestCertificate,
        revoking revoked: [[UInt8]] = [],
        from start: String = "20260101000000Z",
        until end: String = "20360101000000Z"
    ) throws -> [UInt8] {
        let directory = try TemporaryDirectory("crl")
        let entries = try revoked.map { der in
            let serial = try Certificate(der: der).serialNumber.uppercased()
            let even = serial.count % 2 == 0 ? serial : "0\(serial)"
            return "R\t360101000000Z\t260101000000Z\t\(even)\tunknown\t/CN=x\n"
        }
        let index = try directory.write(entries.joined().utf8, to: "index")
        let number = try directory.write("01\n".utf8, to: "number")
        let configuration = """
            [ca]
            default_ca = authority
            [authority]
            database = \(index)
            crlnumber = \(number)
            default_md = sha256
            crl_extensions = extensions
            [extensions]
            authorityKeyIdentifier = keyid
            """
        try runTool(
            "openssl",
            [
                "ca", "-gencrl", "-config", directory.write(configuration.utf8, to: "ca.cnf"),
                "-cert", ca.certificatePath, "-keyfile", ca.keyPath, "-crl_lastupdate", start, "-crl_nextupdate", end,
                "-out", directory.file("crl.pem"),
            ]
        )
        return try contents(of: directory.file("crl.pem"))
    }
}
