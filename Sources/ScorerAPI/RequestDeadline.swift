internal import HTTPTypes
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypes
internal import PostureModel

/// Ends a connection whose client sends its request's body, or takes the answer, slower than it may, and says what is
/// wrong with a request that is no HTTP.
///
/// The wait for a head is Hummingbird's own: what comes of one, byte by byte, does not keep a connection.
final class RequestDeadline: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let seconds: Int64
    private var reading: Scheduled<Void>?
    private var writing: Scheduled<Void>?
    private var isAnswering = false
    /// Requests whose answer has not begun.
    private var unanswered = 0
    private var isEnded = false

    init(seconds: Int64) { self.seconds = seconds }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isEnded else { return }
        switch unwrapInboundIn(data) {
        case .head:
            unanswered += 1
            reading = after(context) { handler, context in
                handler.end(context, Problem(.timeout, "the request was not there within \(handler.seconds) seconds"))
            }
        case .body: break
        case .end: cancel(&reading)
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        // What the routes answer after the end is for nobody.
        guard !isEnded else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head:
            isAnswering = true
            unanswered -= 1
            cancel(&writing)
            writing = after(context) { _, context in context.close(promise: nil) }
        case .body: break
        case .end:
            isAnswering = false
            let written = promise ?? context.eventLoop.makePromise()
            let box = NIOLoopBound(self, eventLoop: context.eventLoop)
            written.futureResult.whenComplete { _ in box.value.cancel(&box.value.writing) }
            return context.write(data, promise: written)
        }
        context.write(data, promise: promise)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else { return context.fireErrorCaught(error) }
        let isTooLarge = if case .headerOverflow = error { true } else { false }
        end(context, isTooLarge ? Problem(.headerTooLarge) : Problem(.malformed, "this is no HTTP/1.1 request"))
    }

    func channelInactive(context: ChannelHandlerContext) {
        cancel(&reading)
        cancel(&writing)
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        cancel(&reading)
        cancel(&writing)
    }

    /// Answers with a problem document, where that would be the answer to this very request, and closes the connection.
    private func end(_ context: ChannelHandlerContext, _ problem: Problem) {
        guard !isEnded else { return }
        isEnded = true
        let isNext = !isAnswering && unanswered == (reading == nil ? 0 : 1)
        cancel(&reading)
        guard isNext, let bytes = try? Wire.encode(problem) else { return context.close(promise: nil) }
        let fields: HTTPFields = [
            .contentType: "application/problem+json", .contentLength: "\(bytes.count)", .connection: "close",
            .cacheControl: "no-store",
        ]
        let head = HTTPResponse(status: .init(code: problem.status), headerFields: fields)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(ByteBuffer(bytes: bytes))), promise: nil)
        let box = NIOLoopBound(context, eventLoop: context.eventLoop)
        // Closed at once, a connection whose client still sends is reset, and the answer may be lost on its way.
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
            box.value.close(mode: .output, promise: nil)
        }
        writing = after(context, seconds: min(2, seconds)) { _, context in context.close(promise: nil) }
    }

    private func cancel(_ task: inout Scheduled<Void>?) {
        task?.cancel()
        task = nil
    }

    private func after(
        _ context: ChannelHandlerContext,
        seconds: Int64? = nil,
        _ body: @escaping @Sendable (RequestDeadline, ChannelHandlerContext) -> Void
    ) -> Scheduled<Void> {
        let box = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        return context.eventLoop.scheduleTask(in: .seconds(seconds ?? self.seconds)) { body(box.value.0, box.value.1) }
    }
}
