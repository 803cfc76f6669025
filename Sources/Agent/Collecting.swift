@_spi(Signing) public import PostureModel

/// A signed message, and what it says for the people at the machine.
public struct CollectedMessage: Sendable {
    /// The message.
    public let message: SignedMessage
    /// What was seen; nil where the request was not about that.
    public let view: MachineView?
    /// Why the configuration that was used is not the newest, if it is not.
    public let flaw: String?

    init(message: SignedMessage, view: MachineView?, flaw: String? = nil) {
        (self.message, self.view, self.flaw) = (message, view, flaw)
    }
}

/// The side with the keys, in this process or behind a socket.
public protocol Collecting: Sendable {
    /// Collects what the request is about, signs it for `audience` with the scorer's `nonce`, and shows it.
    func collect(_ request: SigningRequest, nonce: String, audience: String) async throws -> CollectedMessage
}
