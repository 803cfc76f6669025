@_spi(Signing) package import PostureModel

/// A signed message, and what it says for the people at the machine.
package struct CollectedMessage: Sendable {
    /// The message.
    package let message: SignedMessage
    /// What was seen; nil where the request was not about that.
    package let view: MachineView?
    /// Why the configuration that was used is not the newest, if it is not.
    package let flaw: String?

    init(message: SignedMessage, view: MachineView?, flaw: String? = nil) {
        (self.message, self.view, self.flaw) = (message, view, flaw)
    }
}

/// The side with the keys, in this process or behind a socket.
package protocol Collecting: Sendable {
    /// Collects what the request is about, signs it for `audience` with the scorer's `nonce`, and shows it.
    func collect(_ request: SigningRequest, nonce: String, audience: String) async throws -> CollectedMessage
}
