internal import NIOCore
internal import NIOHTTP1

/// Counts the bytes of a head that is not whole, before they are parsed, and drops bytes that will not be read.
final class HeadBytes: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let connection: ConnectionHandler
    /// Bytes of the head that is not whole.
    private var bytes = 0
    /// Bytes that came while an answer was due.
    private var surplus = 0

    init(of connection: ConnectionHandler) { self.connection = connection }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !connection.isDeaf else { return }
        let buffer = unwrapInboundIn(data)
        // Nothing is read then, but for all that is there when the client has no more to say.
        surplus = connection.isAnswerDue ? surplus + buffer.readableBytes : 0
        guard surplus <= 2 * ByteBudgets.freeHead else { return connection.endAfterAnswer() }
        // What is read while an answer is due goes behind requests that came before.
        if !connection.isAnswerDue { connection.beginRead() }
        let parts = connection.parts
        if connection.isBetweenRequests { connection.opening.add(buffer.readableBytesView) }
        context.fireChannelRead(data)
        guard connection.isBetweenRequests, !connection.isDeaf else { return }
        if connection.parts == parts {
            bytes += buffer.readableBytes
        } else {
            // A request ended within these bytes. How many follow it is not known; they are few.
            bytes = 0
            connection.opening = Opening(after: buffer.readableBytesView)
        }
        // An error of the parser's, so that it has its turn among the answers as those have.
        if !connection.holdHead(bytes) { context.fireErrorCaught(HTTPParserError.headerOverflow) }
    }
}

/// The begin of a request: whether its answer has no content, should the request turn out not to be parsable.
struct Opening {
    private static let head = Array("HEAD ".utf8)
    private var bytes: [UInt8] = []

    init() {}

    /// The beginning of a request that follows another within these bytes, as far as it can be told.
    init(after bytes: ByteBufferView) {
        let end = Self.head.count
        guard bytes.count > end else { return }
        let starts = bytes.indices.dropFirst().dropLast(end - 1)
        if starts.contains(where: { bytes[$0..<($0 + end)].elementsEqual(Self.head) }) { self.bytes = Self.head }
    }

    var isHead: Bool { bytes == Self.head }

    mutating func add(_ more: ByteBufferView) {
        guard bytes.count < Self.head.count else { return }
        // Empty lines before a request are not of it (RFC 9112 §2.2).
        let fresh = bytes.isEmpty ? more.drop { $0 == 0x0d || $0 == 0x0a } : more[...]
        bytes += fresh.prefix(Self.head.count - bytes.count)
    }
}
