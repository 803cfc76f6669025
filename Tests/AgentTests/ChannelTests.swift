import Foundation
import PostureModel
import TestSupport
import Testing

@Suite("The way to the scorer", .timeLimit(.minutes(5)))
struct ChannelTests {
    let machine: TestMachine

    init() throws { machine = try TestMachine() }

    /// Runs `postured report` with such a table, in such an environment.
    func report(_ scorer: String, _ environment: [String: String] = [:]) throws -> Program.Ending {
        try machine.write("state_directory = \"\(machine.fixture.directory.file("state"))\"\n[scorer]\n\(scorer)")
        // The environment of the tests may have a proxy.
        let none = ["https_proxy": "", "http_proxy": "", "all_proxy": "", "no_proxy": "", "HTTPS_PROXY": ""]
        let all = none.merging(environment) { $1 }
        return try runProgram(TestMachine.postured, ["report", "--config", machine.config], environment: all)
    }

    func proxy() throws -> LoopbackServer { try LoopbackServer { _, connection in connection.answer(407) } }

    @Test("is the environment's proxy, whose password is not shown")
    func environment() throws {
        let proxy = try proxy()
        let url = "http://user:secret@127.0.0.1:\(proxy.port)"
        let ending = try report("url = \"https://scorer.invalid\"", ["https_proxy": url])
        #expect(ending.status == 1)
        #expect(
            ending.errors == "postured: the scorer cannot be reached: https://scorer.invalid: "
                + "the proxy answered 407: it wants credentials: write them into scorer.proxy, or https_proxy, as "
                + "http://USER:PASSWORD@HOST:PORT\n"
        )
        #expect(proxy.lines == ["CONNECT scorer.invalid:443"])
    }

    @Test("is not that proxy for what no_proxy names, or for a scorer on this machine")
    func exceptions() throws {
        let proxy = try proxy()
        let variables = ["https_proxy": proxy.url, "http_proxy": proxy.url, "all_proxy": proxy.url]
        let named = variables.merging(["no_proxy": "example.com,scorer.invalid"]) { $1 }
        #expect(try report("url = \"https://scorer.invalid\"", named).errors.contains("Couldn't resolve host name"))
        let scorer = try FakeScorer([.score(90)])
        #expect(try report("url = \"\(scorer.server.url)\"", variables).status == 0)
        #expect(proxy.lines.isEmpty)
    }

    @Test("is the configuration's proxy rather than the environment's")
    func configured() throws {
        let (proxy, other) = (try proxy(), try proxy())
        let table = "url = \"https://scorer.invalid\"\nproxy = \"http://user:secret@127.0.0.1:\(proxy.port)\""
        let ending = try report(table, ["https_proxy": other.url])
        #expect(ending.errors.contains("the proxy answered 407"))
        #expect(!ending.errors.contains("secret"))
        #expect(proxy.lines.count == 1 && other.lines.isEmpty)
    }

    @Test("is plain http with the word for it, and through the proxy for it")
    func plain() throws {
        let proxy = try proxy()
        let table = "url = \"http://scorer.invalid\"\nallow_plain_http = true"
        let ending = try report(table, ["http_proxy": proxy.url])
        #expect(ending.errors.contains("answered 407 in a way a scorer does not: the proxy wants credentials"))
        #expect(proxy.lines == ["GET http://scorer.invalid/v1/nonce"])
    }

    @Test("needs a service token that can be read: without it nothing is sent")
    func noServiceToken() throws {
        let path = machine.fixture.directory.file("service-token")
        let table = "url = \"https://scorer.invalid\"\nservice_token_file = \"\(path)\""
        let absent = try report(table)
        #expect(absent.status == 1)
        #expect(absent.errors == "postured: \(path): there is no service token\n")
        try machine.fixture.directory.write("57447fe".utf8, to: "service-token")
        let wrong = try report(table)
        #expect(wrong.errors.hasPrefix("postured: \(path): has to be two lines, as Cloudflare shows them: "))
        #expect(!wrong.errors.contains("57447fe"))
    }

    @Test("needs a libcurl that can be loaded, which nothing else does")
    func noLibrary() throws {
        let directory = try TemporaryDirectory("library")
        try directory.write(String(repeating: "no library ", count: 100).utf8, to: "libcurl.so.4")
        let environment = ["LD_LIBRARY_PATH": directory.path]
        let ending = try report("url = \"https://scorer.invalid\"", environment)
        #expect(ending.status == 1)
        #expect(ending.errors.contains("https://scorer.invalid: libcurl cannot be used: "), "\(ending.errors)")
        #expect(ending.errors.contains("libcurl.so.4"))
        let arguments = ["facts", "--config", machine.config]
        #expect(try runProgram(TestMachine.postured, arguments, environment: environment).status == 0)
    }

    @Test("takes the enrolment token away once the device is registered, and not before")
    func enrolment() throws {
        let path = try machine.fixture.directory.write("pet_secret".utf8, to: "token")
        let device = String(repeating: "A", count: 43)
        let isWilling = Collected<Void>()
        let server = try LoopbackServer { request, connection in
            let nonce = ["Replay-Nonce": "nonce"]
            let isRegistration = request.path == "/v1/devices"
            if request.method == "GET" { return connection.answer(204, nonce) }
            let problem = nonce.merging(["Content-Type": "application/problem+json"]) { $1 }
            let kind: Problem.Kind = isRegistration ? .enrolmentRefused : .unknownDevice
            guard isRegistration, !isWilling.all.isEmpty else {
                return connection.answer(403, problem, (try? Wire.pretty(Problem(kind))) ?? "")
            }
            connection.answer(200, nonce, "{\"device\": \"\(device)\"}")
        }
        let table = "url = \"\(server.url)\"\nenrolment_token_file = \"\(path)\""
        #expect(try report(table).status == 1)
        #expect(FileManager.default.fileExists(atPath: path))
        isWilling.add(())
        // The report after the registration is refused all the same; the token has done its work.
        let ending = try report(table)
        #expect(ending.errors.contains("the device is not registered"))
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(!ending.errors.contains("pet_secret") && !ending.output.contains("pet_secret"))
    }
}
