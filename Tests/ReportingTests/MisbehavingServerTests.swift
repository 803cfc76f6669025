import CurlBridge
import Glibc
import PostureModel
import Reporting
import TestSupport
import Testing

/// Something that a server does to a client, and what a person is told of it.
struct Misdeed: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let sentence: String
    /// Does it, and counts the bytes that the client took.
    let act: @Sendable (LoopbackConnection, Collected<Int>) -> Void

    init(
        _ name: String,
        _ sentence: String,
        _ act: @escaping @Sendable (LoopbackConnection, Collected<Int>) -> Void
    ) {
        (testDescription, self.sentence, self.act) = (name, sentence, act)
    }

    /// Sends `start`, and then `rest` again and again until the client is gone, a gigabyte at most.
    static func flood(_ name: String, _ start: String, _ rest: String, _ sentence: String) -> Misdeed {
        Misdeed(name, sentence) { connection, sent in
            connection.send(start)
            let chunk = Array(String(repeating: rest, count: max(1, 65_536 / rest.utf8.count)).utf8)
            while sent.all.count < 16 * 1024, connection.send(chunk) { sent.add(chunk.count) }
            connection.close()
        }
    }
}

@Suite("A report to a server that misbehaves", .timeLimit(.minutes(5)))
struct MisbehavingServerTests {
    static let tooLong = "the answer is longer than 262144 bytes"
    static let tooMany = "the answer has more than 128 lines of headers"
    static let misdeeds = [
        Misdeed.flood("a gigabyte", "HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n", "a", tooLong),
        .flood("a body without end", "HTTP/1.1 503 OK\r\nContent-Type: application/problem+json\r\n\r\n", "a", tooLong),
        .flood("chunks without end", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\na\r\n", tooLong),
        .flood(
            "trailers without end",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
            "X: a\r\n",
            tooMany
        ),
        .flood("headers without end", "HTTP/1.1 200 OK\r\n", "Replay-Nonce: a\r\n", tooMany),
        .flood("interim answers without end", "", "HTTP/1.1 100 Continue\r\n\r\n", tooMany),
        .flood("one header without end", "HTTP/1.1 200 OK\r\nX: ", "a", ""),
        .flood("one line without end", "", "a", ""),
        .flood("one status line without end", "HTTP/1.1 ", "2", ""),
        Misdeed("HTTP/0.9", "the answer is not HTTP") { connection, _ in
            connection.send("<html>hello</html>")
            connection.close()
        },
        Misdeed("an end in the middle", "Transferred a partial file") { connection, _ in
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
            connection.close()
        },
        Misdeed("a length that is none", "") { connection, _ in
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}")
            connection.close()
        },
        Misdeed("two bytes a second", "fewer than 16 bytes a second for 5 seconds") { connection, _ in
            connection.send("HTTP/1.1 200 OK\r\n\r\n")
            while connection.send("a") { usleep(500_000) }
        },
        Misdeed("silence", "fewer than 16 bytes a second for 5 seconds") { connection, _ in
            connection.waitForEnd(seconds: 120)
        },
    ]

    static let options = HTTPClient.Options(stallTimeout: 5, timeout: 30)

    @Test("instead of giving a nonce fails within bounds, and the next one arrives", arguments: misdeeds)
    func nonce(misdeed: Misdeed) async throws {
        let sent = Collected<Int>()
        let scorer = try ScriptedScorer(nonce: .act { misdeed.act($0, sent) }, [.good], http: Self.options)
        try await check(scorer, misdeed, sent)
    }

    @Test("instead of answering it fails within bounds, and the next one arrives", arguments: misdeeds)
    func message(misdeed: Misdeed) async throws {
        let sent = Collected<Int>()
        let scorer = try ScriptedScorer([.act { misdeed.act($0, sent) }, .good], http: Self.options)
        try await check(scorer, misdeed, sent)
    }

    private func check(_ scorer: ScriptedScorer, _ misdeed: Misdeed, _ sent: Collected<Int>) async throws {
        let delivery = Delivery(to: scorer.client, signing: scorer.source.sign) { nil }
        let error = try await #require(throws: DeliveryError.self) { try await delivery.report() }
        #expect(error.isTransient)
        #expect(error.description.hasPrefix("the scorer cannot be reached: \(scorer.server.url): "))
        #expect(error.description.hasSuffix(misdeed.sentence), "\(error)")
        #expect(error.description.utf8.count < 300)
        // The client stopped reading: beyond its limit is what the kernel's buffers hold.
        #expect(sent.all.reduce(0, +) < 32 * 1024 * 1024)
        #expect(try await delivery.report().score.value == 90)
    }

    @Test(
        "that sends what unpacks to 64 MiB takes it as it is: nothing is unpacked",
        arguments: ["Content", "Transfer"]
    )
    func bomb(coding: String) async throws {
        let directory = try TemporaryDirectory("bomb")
        try runTool("sh", ["-c", "head -c 64M /dev/zero | gzip -9 >\(directory.file("bomb.gz"))"])
        let bomb = try contents(of: directory.file("bomb.gz"))
        let scorer = try ScriptedScorer([
            .act { connection in
                connection.send("HTTP/1.1 200 OK\r\n\(coding)-Encoding: gzip\r\n")
                connection.send(coding == "Content" ? "Content-Length: \(bomb.count)\r\n\r\n" : "\r\n")
                connection.send(bomb)
                connection.close()
            }, .good,
        ])
        let delivery = Delivery(to: scorer.client, signing: scorer.source.sign) { nil }
        let error = try await #require(throws: DeliveryError.self) { try await delivery.report() }
        #expect(error.isTransient)
        #expect(scorer.server.requests.allSatisfy { $0.headers["accept-encoding"] == nil && $0.headers["te"] == nil })
        #expect(try await delivery.report().score.value == 90)
    }
}
