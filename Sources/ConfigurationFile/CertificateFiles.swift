internal import Files
package import OpenSSLBridge

/// The certificates of files in PEM or DER, in their order; an error names the file that is not there or holds none.
package func certificates(in paths: [String]) throws(ConfigurationError) -> [Certificate] {
    var certificates: [Certificate] = []
    for path in paths {
        let bytes = try readFile(path)
        do throws(PEMError) { certificates += try Certificate.parse(bytes) } catch {
            throw ConfigurationError(path, error, insteadOf: .certificate)
        }
    }
    return certificates
}

/// The CRLs of files in PEM or DER, in their order; an error names the file that is not there or holds none.
package func revocationLists(in paths: [String]) throws(ConfigurationError) -> [RevocationList] {
    var lists: [RevocationList] = []
    for path in paths {
        let bytes = try readFile(path, limit: RevocationList.sizeLimit)
        do throws(PEMError) { lists += try RevocationList.parse(bytes) } catch {
            throw ConfigurationError(path, error, insteadOf: .revocationList)
        }
    }
    return lists
}

extension ConfigurationError {
    /// An error about a file of PEM or DER, in which `wanted` is looked for.
    package init(_ file: String, _ error: PEMError, insteadOf wanted: EncodedContent) {
        let command = file.utf8.allSatisfy { (0x21...0x7e).contains($0) } ? file : "FILE"
        let reason = error.description.replacing("FILE", with: command)
        self.init(file, "holds no \(wanted) in PEM or DER that can be read: it \(reason)")
    }
}

/// Throws if anybody but root and this process's user could write to one of the files: whoever may write what is trusted
/// decides what is trusted.
package func checkOwnership(of paths: [String]) throws(ConfigurationError) {
    for path in paths {
        if let others = othersMayWrite(to: path) { throw ConfigurationError(path, "is not root's alone: \(others)") }
    }
}
