package import PostureModel

/// The side with the keys, in this process or behind a socket.
package protocol Collector: Sendable {
    /// Collects what the request is about, and signs it for `audience` with the scorer's `nonce`.
    func collect(_ request: SigningRequest, nonce: String, audience: String) async throws -> CollectedMessage

    /// Looks at the machine for the people at it; signs nothing.
    func look() async throws -> Sighting
}

/// What was seen on the machine, and whether the newest configuration was used for it.
package struct Sighting: Sendable {
    /// What was seen.
    package let view: MachineView
    /// Why the configuration that was used is not the newest, if it is not.
    package let flaw: String?

    init(view: MachineView, flaw: String? = nil) { (self.view, self.flaw) = (view, flaw) }
}
