internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypes
internal import NIOHTTPTypesHTTP1

/// A connection of a listener: what its bytes go through on their way to the routes and back.
///
/// It differs from Hummingbird's own in that a request is taken up only when the one before is answered, and in
/// ``ConnectionHandler``.
struct HTTP1Connection: HTTPChannelHandler {
    typealias Value = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

    let responder: HTTPChannelHandler.Responder
    let limits: Limits
    /// The budget of the listener's heads.
    let heads: ByteBudget

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            // Not more than this is read before it is parsed, and once before it is known whether more is wanted.
            let reads = AdaptiveRecvByteBufferAllocator(minimum: 512, initial: 2048, maximum: ByteBudgets.freeHead)
            try channel.syncOptions?.setOption(.recvAllocator, value: reads)
            try channel.syncOptions?.setOption(.maxMessagesPerRead, value: 1)
            var framing = HTTPResponseEncoder.Configuration()
            framing.automaticallySetFramingHeaders = false
            let connection = ConnectionHandler(limits: limits, heads: heads)
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandlers([
                HTTPResponseEncoder(configuration: framing), HeadBytes(of: connection),
                ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: limits.decoder)),
                HTTPServerPipelineHandler(), connection, HTTP1ToHTTPServerCodec(secure: false),
            ])
            return try NIOAsyncChannel(
                wrappingChannelSynchronously: channel,
                configuration: .init(
                    // What the routes are not ready for stays in the kernel, but for a few reads.
                    backPressureStrategy: .init(lowWatermark: 2, highWatermark: 4),
                    isOutboundHalfClosureEnabled: true
                )
            )
        }
    }

    func handle(value: Value, logger: Logger) async { await handleHTTP(asyncChannel: value, logger: logger) }
}
