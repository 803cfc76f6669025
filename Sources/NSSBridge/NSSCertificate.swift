public import PostureModel

/// A certificate as a database holds it.
public struct NSSCertificate: Sendable, Equatable {
    /// Its name in the database: chosen by whoever imported it, shared by renewals, and no proof of anything.
    public let nickname: String?
    /// The certificate itself, in DER, as it was imported; nobody has parsed it.
    public let der: [UInt8]
    /// What the database says it is trusted for.
    public let trust: Trust
    /// Whether its private key is in the same database.
    public let privateKey: PrivateKeyPresence
    /// `CKA_ID`, which ties it to its private key; may be empty.
    public let id: [UInt8]
}
