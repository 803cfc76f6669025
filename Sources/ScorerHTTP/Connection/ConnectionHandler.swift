internal import NIOCore
internal import NIOHTTP1
internal import PostureModel
internal import ScorerCore

/// Holds a connection to HTTP/1.1 and to its limits, and answers what the routes never see: requests that are malformed,
/// too large or too slow.
///
/// It sees one request at a time. After an answer with `Connection: close`, and after one that began before its request was
/// there whole, nothing more is read: the rest of a refused body is never taken for a request.
final class ConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// A request, and the answer to it.
    private struct Exchange {
        var isHead = false
        /// Whether the answer is the last of the connection.
        var isLast = false
        var isReceived = false
        var isAnswering = false
    }

    private let limits: Limits
    private let head: ByteAllowance
    private var timers: [ConnectionWait: @Sendable () -> Void] = [:]
    /// The requests that are not answered yet.
    private var exchange: Exchange?
    /// Answers that the client has not taken yet.
    private var untaken = 0
    /// Whether the connection got its last answer, or is about to get it, so that routes answer nothing any more.
    private var isOver = false
    private var isInputClosed = false
    /// Whether the budget had room for the head so far.
    private var isHeadHeld = true

    /// The most requests that are answered of those that came with one read; the last answer ends the connection.
    ///
    /// A loop that has answers to write reads nothing: with 8 KiB of short requests from each of a few hundred connections it
    /// would read nothing from Cloudflare for a minute.
    static let pipelineLimit = 16
    /// Requests that came with the last read.
    private var pipelined = 0

    /// Heads and ends of requests that were seen.
    private(set) var parts = 0
    /// The beginning of the next request.
    var opening = Opening()
    /// Whether no request is being received.
    var isBetweenRequests: Bool { exchange?.isReceived ?? true }
    /// Whether a whole request was received and its answer is not sent.
    var isAnswerDue: Bool { exchange?.isReceived ?? false }
    /// Whether bytes that still arrive are discarded.
    var isDeaf: Bool { isOver || exchange.map { $0.isLast && $0.isReceived } ?? false }

    init(limits: Limits, heads: ByteBudget) {
        self.limits = limits
        head = ByteAllowance(of: heads, free: ByteBudgets.freeHead)
    }

    /// Takes as many bytes from the budget of heads as one has; false if it does not have them.
    func holdHead(_ bytes: Int) -> Bool {
        isHeadHeld = head.hold(bytes)
        return isHeadHeld
    }

    /// Receives bytes from the socket.
    func beginRead() { pipelined = 0 }

    /// Reads nothing more; the answer that is due is the last.
    func endAfterAnswer() { exchange?.isLast = true }

    // MARK: Requests

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { start(.head, context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        start(.head, context)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isOver else { return }
        var part = unwrapInboundIn(data)
        switch part {
        case .head(var request):
            parts += 1
            stop(.head)
            opening = Opening()
            pipelined += 1
            let isLast = HeadRules.isLast(request) || pipelined >= Self.pipelineLimit
            exchange = Exchange(isHead: request.method == .HEAD, isLast: isLast)
            guard holdHead(HeadRules.size(of: request)) else { return refuse(context, Self.noBytes) }
            if let problem = HeadRules.problem(of: request) { return refuse(context, problem) }
            start(.body, context)
            if let host = HeadRules.authority(of: request.uri) {
                request.headers.replaceOrAdd(name: "host", value: String(host))
                part = .head(request)
            }
            if HeadRules.awaitsContinue(request) {
                let head = HTTPResponseHead(version: .http1_1, status: .continue)
                context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
            }
        case .body: break
        case .end:
            parts += 1
            stop(.body)
            exchange?.isReceived = true
        }
        context.fireChannelRead(wrapInboundOut(part))
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.fireChannelReadComplete()
        // The routes read no more; what the client still sends has to go somewhere until it has seen the answer.
        if isOver { context.read() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case HTTPParserError.headerOverflow:
            refuse(context, isHeadHeld ? Problem(.headerTooLarge) : Self.noBytes)
        case is HTTPParserError: refuse(context, Problem(.malformed, "this is no HTTP/1.1 request"))
        default: context.fireErrorCaught(error)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event as? ChannelEvent == .inputClosed {
            isInputClosed = true
            // What was asked before is answered, and what was answered is taken.
            exchange?.isLast = true
            if exchange == nil, untaken == 0 { context.close(promise: nil) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    private func end() {
        for wait in ConnectionWait.allCases { stop(wait) }
        head.release()
    }

    // MARK: Answers

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        // Whatever the routes answer after the last answer is dropped.
        guard !isOver, exchange != nil else {
            promise?.succeed()
            return
        }
        send(context, unwrapOutboundIn(data), promise)
    }

    private func send(
        _ context: ChannelHandlerContext,
        _ part: HTTPServerResponsePart,
        _ promise: EventLoopPromise<Void>?
    ) {
        guard var exchange else { return }
        switch part {
        case .head(var answer):
            if !exchange.isReceived || isInputClosed || !answer.isKeepAlive { exchange.isLast = true }
            exchange.isAnswering = true
            self.exchange = exchange
            frame(&answer, of: exchange)
            untaken += 1
            if timers[.answer] == nil { start(.answer, context) }
            context.write(wrapOutboundOut(.head(answer)), promise: promise)
        case .body:
            // RFC 9110 §9.3.2
            if exchange.isHead { promise?.succeed() } else { context.write(wrapOutboundOut(part), promise: promise) }
        case .end:
            // The next request, if it is there, is delivered within this write.
            let isLast = exchange.isLast
            isOver = isLast
            self.exchange = nil
            stop(.body)
            head.release()
            if !isOver { start(.head, context) }
            let written = promise ?? context.eventLoop.makePromise()
            let box = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            written.futureResult.whenComplete { _ in box.value.0.taken(box.value.1, isLast: isLast) }
            context.write(wrapOutboundOut(part), promise: written)
        }
    }

    /// Says in the head of an answer how long its content is, and whether the connection ends (RFC 9112 §6, §9.6).
    private func frame(_ answer: inout HTTPResponseHead, of exchange: Exchange) {
        if !answer.status.mayHaveResponseBody {
            answer.headers.remove(name: "content-length")
            answer.headers.remove(name: "transfer-encoding")
        } else if !exchange.isHead, !answer.headers.contains(name: "content-length") {
            answer.headers.replaceOrAdd(name: "transfer-encoding", value: "chunked")
        }
        if exchange.isLast { answer.headers.replaceOrAdd(name: "connection", value: "close") }
    }

    /// An answer is in the hands of the kernel.
    private func taken(_ context: ChannelHandlerContext, isLast: Bool) {
        untaken -= 1
        stop(.answer)
        if untaken > 0 { start(.answer, context) }
        let isLast = isLast || (isInputClosed && exchange == nil && untaken == 0)
        guard isLast else { return }
        guard !isInputClosed else { return context.close(promise: nil) }
        // Closed at once, a connection whose client still sends is reset, and the answer may be lost on its way.
        context.close(mode: .output, promise: nil)
        start(.close, context)
        context.read()
    }

    /// Answers with a problem document, where that would be the answer to this very request, and closes the connection.
    private func refuse(_ context: ChannelHandlerContext, _ problem: Problem) {
        guard !isOver else { return }
        stop(.head)
        // First, and whatever follows: a body that ended without an error would be taken for whole.
        context.fireErrorCaught(HTTPParserError.invalidEOFState)
        guard exchange?.isAnswering != true, let bytes = try? Wire.encode(problem) else {
            isOver = true
            return context.close(promise: nil)
        }
        exchange = exchange ?? Exchange(isHead: opening.isHead)
        exchange?.isLast = true
        var headers: HTTPHeaders = [
            "content-type": "application/problem+json", "content-length": "\(bytes.count)", "cache-control": "no-store",
        ]
        if problem.isOf(.unavailable) { headers.add(name: "retry-after", value: "30") }
        let status = HTTPResponseStatus(statusCode: problem.status)
        send(context, .head(HTTPResponseHead(version: .http1_1, status: status, headers: headers)), nil)
        send(context, .body(.byteBuffer(ByteBuffer(bytes: bytes))), nil)
        send(context, .end(nil), nil)
        context.flush()
    }

    private static let noBytes = Problem(.unavailable, "too much is being received; try again later")

    // MARK: Time

    private func start(_ wait: ConnectionWait, _ context: ChannelHandlerContext) {
        stop(wait)
        guard context.channel.isActive else { return }
        let box = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        timers[wait] = limits.timers.start(wait, for: .seconds(limits.seconds(of: wait)), on: context.eventLoop) {
            let (handler, context) = box.value
            handler.timers[wait] = nil
            guard wait == .body else { return context.close(promise: nil) }
            handler.refuse(
                context,
                Problem(.timeout, "the request was not there within \(handler.limits.seconds) seconds")
            )
        }
    }

    private func stop(_ wait: ConnectionWait) { timers.removeValue(forKey: wait)?() }
}
