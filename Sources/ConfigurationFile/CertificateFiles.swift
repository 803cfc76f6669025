internal import FileRights
public import OpenSSLBridge

/// The certificates of files in PEM or DER, in their order; an error names the file that is not there or holds none.
public func certificates(in paths: [String]) throws(ConfigurationError) -> [Certificate] {
    var certificates: [Certificate] = []
    for path in paths {
        let bytes = try readFile(path)
        do throws(OpenSSLError) { certificates += try Certificate.parse(bytes) } catch {
            throw ConfigurationError(path, "holds no certificate in PEM or DER that can be read (\(error))")
        }
    }
    return certificates
}

/// The CRLs of files in PEM or DER, in their order; an error names the file that is not there or holds none.
public func revocationLists(in paths: [String]) throws(ConfigurationError) -> [RevocationList] {
    var lists: [RevocationList] = []
    for path in paths {
        let bytes = try readFile(path, limit: RevocationList.sizeLimit)
        do throws(OpenSSLError) { lists += try RevocationList.parse(bytes) } catch {
            throw ConfigurationError(path, "holds no CRL in PEM or DER that can be read (\(error))")
        }
    }
    return lists
}

/// Throws if anybody but root and this process's user could write to one of the files: whoever may write what is trusted
/// decides what is trusted.
public func checkOwnership(of paths: [String]) throws(ConfigurationError) {
    for path in paths {
        if let others = othersMayWrite(to: path) { throw ConfigurationError(path, "is not root's alone: \(others)") }
    }
}
