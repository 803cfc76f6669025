import PostureModel
import Reporting
import TestSupport
import Testing

@Suite("A probe of the scorer", .timeLimit(.minutes(5)))
struct ScorerProbeTests {
    @Test("connects, and shows the server's own certificate")
    func certificate() async throws {
        let pki = try TestPKI()
        let root = try pki.ca("Corp Root")
        let leaf = try pki.leaf("scorer", issuer: root, names: ["IP:127.0.0.1"], eku: ["serverAuth"])
        let server = try await TLSServer(leaf)
        let probe = ScorerProbe(url: server.url, caFile: root.certificatePath, userAgent: "test", seconds: 5)
        guard case .made("127.0.0.1", let pem?) = await probe.connect() else {
            Issue.record("no connection")
            return
        }
        let own = String(decoding: try contents(of: leaf.certificatePath), as: UTF8.self)
        #expect(own.contains(pem.trimmed()))
    }

    @Test("tells a server whose certificate does not hold from one that is not there")
    func failures() async throws {
        let pki = try TestPKI()
        let leaf = try pki.leaf("scorer", issuer: pki.ca("Corp Root"), names: ["IP:127.0.0.1"], eku: ["serverAuth"])
        let server = try await TLSServer(leaf)
        guard case .noTLS(let reason) = await ScorerProbe(url: server.url, userAgent: "test", seconds: 5).connect()
        else {
            Issue.record("trusted")
            return
        }
        #expect(reason.contains("unable to get local issuer certificate"))
        let closed = "http://127.0.0.1:\(try closedPort())"
        guard case .none = await ScorerProbe(url: closed, userAgent: "test", seconds: 5).connect() else {
            Issue.record("connected")
            return
        }
    }

    @Test("closes the connection that it made")
    func closed() async throws {
        let server = try LoopbackServer { _, connection in connection.answer(204) }
        let probe = ScorerProbe(url: server.url, userAgent: "test", seconds: 5)
        guard case .made = await probe.connect() else {
            Issue.record("no connection")
            return
        }
        // proc_net_tcp: the connections to the server's port that are established.
        let port = String(server.port, radix: 16, uppercase: true)
        let peer = "0100007F:" + String(repeating: "0", count: 4 - port.count) + port
        let lines = String(decoding: try contents(of: "/proc/self/net/tcp"), as: UTF8.self).split(separator: "\n")
        #expect(!lines.contains { $0.contains(" \(peer) 01 ") })
        #expect(try await probe.health().isScorers)
    }

    @Test("sees what a scorer answers, and its clock")
    func scorer() async throws {
        let date = "Sun, 22 Nov 2026 09:30:00 GMT"
        let server = try LoopbackServer { request, connection in
            let isNonce = request.path == "/v1/nonce"
            connection.answer(204, isNonce ? ["Replay-Nonce": "nonce-1", "Date": date] : ["Date": date])
        }
        let probe = ScorerProbe(url: server.url, userAgent: "test", seconds: 5)
        let (health, nonce) = (try await probe.health(), try await probe.nonce())
        #expect(health.isScorers && nonce.isScorers)
        #expect(health.date?.description == "2026-11-22T09:30:00Z")
        #expect(server.lines == ["GET /healthz", "GET /v1/nonce"])
    }

    @Test("goes on without a service token that cannot be read, and says so")
    func token() async throws {
        let server = try LoopbackServer { request, connection in
            connection.answer(request.headers["cf-access-client-id"] == nil ? 403 : 204)
        }
        let without = ScorerProbe(url: server.url, userAgent: "test", seconds: 5) { throw Unreadable() }
        let answer = try await without.health()
        #expect(answer.status == 403 && answer.tokenFlaw == "Unreadable()" && !answer.isScorers)
        let token = try ServiceToken(parsing: "CF-Access-Client-Id: a\nCF-Access-Client-Secret: b\n")
        let with = try await ScorerProbe(url: server.url, userAgent: "test", seconds: 5) { token }.health()
        #expect(with.isScorers && with.tokenFlaw == nil)
    }

    private struct Unreadable: Error {}
}
