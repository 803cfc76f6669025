package import PostureModel
package import Reporting

/// The side with the keys, in this process or behind a socket.
package protocol Collector: Sendable {
    /// Collects what the request is about, and signs it for `audience` with the scorer's `nonce`.
    ///
    /// A key replacement or a retirement that waits for the scorer is signed in the place of a report.
    func collect(_ request: SigningRequest, nonce: String, audience: String) async throws -> CollectedMessage

    /// Does what waited for the scorer's decision on a message: stores a receipt, puts a new key in place, or discards it.
    func settle(_ settlement: Settlement) async throws

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
