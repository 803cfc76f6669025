import Blocking
import CurlBridge
import PostureModel
import ScorerModel
import ScorerStore
import ScorerTestSupport
import TestSupport
import Testing

@testable import SQLiteStore
@testable import ScorerCore

extension ScorerHarness {
    func get(_ url: String, headers: [(name: String, value: String)] = []) async throws -> HTTPResponse {
        try await http.send(HTTPRequest(.get, url, headers: headers))
    }

    /// A fresh nonce.
    func nonce() async throws -> String {
        try #require(try await get("\(agents)/v1/nonce").headers["replay-nonce"])
    }

    /// Sends a message to where its kind goes.
    func post(_ type: MessageType, _ message: [UInt8]) async throws -> HTTPResponse {
        let headers = [(name: "Content-Type", value: "application/jose+json")]
        return try await http.send(HTTPRequest(.post, agents + type.path, headers: headers, body: message))
    }

    /// An enrolment token that the store knows.
    func token(uses: Int = 1, seconds: Int64 = 3600) async throws -> String {
        let now = clock.now
        let end = now.adding(seconds: seconds)
        let (token, stored) = EnrolmentSecret.make(uses: uses, expiresAt: end, by: "a test", now: now)
        _ = try await store.commit([.addToken(stored)])
        return token
    }

    /// Registers a device with a token.
    func register(_ device: TestDevice, token: String?, proofs: [TestDevice.Proof] = []) async throws -> HTTPResponse {
        let payload = try device.registration(token: token)
        return try await post(
            .registration,
            device.message(.registration, payload: payload, nonce: try await nonce(), proofs: proofs)
        )
    }

    /// A new device that is registered.
    func newDevice() async throws -> TestDevice {
        let device = try TestDevice()
        let response = try await register(device, token: try await token())
        try #require(response.status == 201)
        return device
    }

    /// Sends a device's report, with a fresh nonce where no other is given.
    func report(
        _ device: TestDevice,
        _ report: Report? = nil,
        nonce: String? = nil,
        proofs: [TestDevice.Proof] = []
    ) async throws -> HTTPResponse {
        let fresh = if let nonce { nonce } else { try await self.nonce() }
        let payload = try Wire.encode(report ?? device.report())
        return try await post(.report, device.message(.report, payload: payload, nonce: fresh, proofs: proofs))
    }

    /// A device's own record.
    func ownRecord(_ device: TestDevice) async throws -> HTTPResponse {
        try await post(.ownRecord, device.message(.ownRecord, payload: [], nonce: try await nonce()))
    }

    /// Asks as Cloudflare does.
    func ask(_ body: String, token: String? = nil) async throws -> HTTPResponse {
        let assertion = try token ?? TestTeam.token()
        let headers = [(name: "Cf-Access-Jwt-Assertion", value: assertion), ("Content-Type", "application/json")]
        return try await http.send(
            HTTPRequest(.post, "\(agents)/v1/cloudflare/posture", headers: headers, body: Array(body.utf8))
        )
    }

    /// Deletes as an operator does; the answer with its headers.
    func delete(_ path: String) async throws -> String {
        try await curl("-X", "DELETE", "-H", "Authorization: Bearer \(operatorToken)", operators + path)
    }

    /// A row as Cloudflare sends it of a machine that has this WARP id, and the host name of ``TestDevice/report``.
    static func row(_ warpID: String, hostname: String = "laptop-1", serial: String = "") -> String {
        #"{"device_id":"\#(warpID)","hostname":"\#(hostname)","serial_number":"\#(serial)"}"#
    }

    /// The score that Cloudflare gets for a device, by a WARP id.
    func score(of warpID: String) async throws -> Int? {
        let token = try TestTeam.token(at: clock.now)
        let answer = try await ask(#"{"devices":[\#(Self.row(warpID))]}"#, token: token)
        return try answer.decoded(as: PostureResult.self).result[warpID]?.score
    }

    /// A new device whose report, by the WARP id `warp-1`, came with this proof, and the answer to it.
    func reported(_ proof: TestDevice.Proof) async throws -> (device: TestDevice, answer: ReportAnswer) {
        let device = try await newDevice()
        let response = try await report(device, device.report(warpIDs: ["warp-1"]), proofs: [proof])
        return (device, try response.decoded(as: ReportAnswer.self))
    }

    /// What the store holds, as SQL, but for the scorer's own sign of life, which comes on its own.
    func everything() throws -> String {
        try runSQLite([directory.file("scorer.sqlite"), ".dump"]).text.split(separator: "\n")
            .filter { !$0.hasPrefix("INSERT INTO setting VALUES('beat',") }.joined(separator: "\n")
    }

    /// What the store holds of devices, as SQL.
    func rows() throws -> String {
        try runSQLite([directory.file("scorer.sqlite"), ".dump device identifier enrolment_token"]).text
    }
}

extension HTTPResponse {
    /// The body, which has to be JSON of a `Value`.
    func decoded<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
        try Wire.decode(from: body)
    }

    /// Whether this is a problem document of that kind with its status.
    func isProblem(_ kind: Problem.Kind) -> Bool {
        guard headers["content-type"] == "application/problem+json",
            let problem = try? Wire.decode(Problem.self, from: body)
        else { return false }
        return problem.isOf(kind) && problem.status == kind.status && status == kind.status
    }

    /// The body as text.
    var text: String { String(decoding: body, as: UTF8.self) }
}

/// What Cloudflare reads.
struct PostureResult: Decodable, Equatable {
    var result: [String: Entry]

    struct Entry: Decodable, Equatable {
        var s2sID: String
        var score: Int

        private enum CodingKeys: String, CodingKey {
            case s2sID = "s2s_id"
            case score
        }
    }
}

extension ScorerHarness {
    /// Runs `curl`, for what the client of the agent does not do; returns the response with its headers.
    func curl(_ arguments: String...) async throws -> String { try await curl(arguments) }

    func curl(_ arguments: [String]) async throws -> String {
        try await BlockingQueue(label: "curl").run {
            try runTool("curl", ["--silent", "--show-error", "--include", "--max-time", "120"] + arguments).text
        }
    }

    /// Runs a program, away from the threads of tests.
    func run(_ name: String, _ arguments: [String]) async throws -> String {
        try await BlockingQueue(label: name).run { try runTool(name, arguments).text }
    }
}
