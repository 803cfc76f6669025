internal import OpenSSLBridge
internal import PostureModel

/// A corporation whose CA has issued what it has issued: its private keys are gone.
enum Corp {
    /// The harness's clock: 2030-06-01T12:00:00Z.
    static let now = Timestamp(seconds: 1_906_545_600)

    /// The common name of the one device.
    static let name = "laptop-1.fuzz.test"

    static let root = certificate(rootPEM)
    static let issuing = certificate(issuingPEM)
    static let leaf = certificate(leafPEM)
    /// A certificate under the issuing CA that is on its CRL.
    static let revoked = certificate(revokedPEM)

    /// The CRLs of the root: nothing is on them.
    static let rootLists = lists(rootListPEM)
    /// The CRLs of the issuing CA.
    static let issuingLists = lists(issuingListPEM)

    private static func lists(_ pem: String) -> [RevocationList] {
        guard let lists = try? RevocationList.parse(Array(pem.utf8)) else { fatalError("Fuzz/make-seeds made no CRL") }
        return lists
    }

    private static func certificate(_ pem: String) -> Certificate {
        let certificates = try? Certificate.parse(pem: pem)
        guard let certificate = certificates?.first else { fatalError("Fuzz/make-seeds made no PEM") }
        return certificate
    }
}
