package import PostureModel

/// A trusted CA at rest: one certificate, or a few that are trusted together.
package struct StoredCA: Sendable, Equatable {
    /// A UUID in lower case, by which checks name the CA.
    package let id: String
    /// Its name for people.
    package let name: String
    /// The certificates as PEM, and nothing else.
    package let certificates: String
    /// What is the same for the same certificates, in whatever order.
    package let digest: String
    /// When it was added.
    package let addedAt: Timestamp

    /// Creates a CA at rest.
    package init(id: String, name: String, certificates: String, digest: String, addedAt: Timestamp) {
        self.id = id
        self.name = name
        self.certificates = certificates
        self.digest = digest
        self.addedAt = addedAt
    }
}
