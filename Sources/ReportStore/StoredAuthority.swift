public import PostureModel

/// A trusted CA at rest: one certificate, or a few that are trusted together.
public struct StoredAuthority: Sendable, Equatable {
    /// A UUID in lower case, by which checks name the CA.
    public let id: String
    /// What people call it.
    public let name: String
    /// The certificates as PEM, and nothing else.
    public let certificates: String
    /// What is the same for the same certificates, in whatever order.
    public let digest: String
    /// When it was added.
    public let addedAt: Timestamp

    /// Creates a CA at rest.
    public init(id: String, name: String, certificates: String, digest: String, addedAt: Timestamp) {
        self.id = id
        self.name = name
        self.certificates = certificates
        self.digest = digest
        self.addedAt = addedAt
    }
}

/// What became of a CA that was to be added.
public enum AuthorityOutcome: Sendable, Equatable {
    case added
    /// There is one with these certificates; nothing changed.
    case duplicate(id: String)
    /// There are as many as there may be; nothing changed.
    case full
}
