import TestSupport

@testable import Scoring

/// What came back on a connection, and whether the scorer closed it.
struct RawAnswer {
    var text: String
    var isClosed: Bool

    /// The statuses of the answers, in order.
    var statuses: [Int] { text.matches(of: /HTTP\/1\.1 (\d{3})/).compactMap { Int($0.1) } }
    /// What follows the head of the only answer.
    var content: Substring { text.firstRange(of: "\r\n\r\n").map { text[$0.upperBound...] } ?? "" }

    func has(_ header: String) -> Bool { text.lowercased().contains("\r\n\(header.lowercased())\r\n") }
    func isProblem(_ type: String) -> Bool { text.contains("urn:postured:problem:\(type)") }
}

extension ScorerHarness {
    /// Sends bytes, each text by itself, and reads until the scorer closes the connection.
    ///
    /// With `thenCloses` the client says after its bytes that none follow.
    func raw(_ url: String, _ texts: String..., thenCloses: Bool = false) async throws -> RawAnswer {
        let script = """
            import socket, sys, time
            s = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=100)
            got, closed = b"", False
            try:
                for number, text in enumerate(sys.argv[3:]):
                    if number > 0: time.sleep(0.05)
                    s.sendall(bytes.fromhex(text))
                if sys.argv[2] == "true": s.shutdown(socket.SHUT_WR)
            except OSError: pass
            try:
                while data := s.recv(65536): got += data
                closed = True
            except TimeoutError: pass
            except OSError: closed = True
            print("closed" if closed else "open")
            print(got.decode("latin-1"), end="")
            """
        let output = try await run("python3", ["-c", script, port(of: url), "\(thenCloses)"] + texts.map(Self.hex))
        return RawAnswer(text: String(output.drop { $0 != "\n" }.dropFirst()), isClosed: output.hasPrefix("closed"))
    }

    /// The bytes of a text, a byte for each character up to U+00FF.
    private static func hex(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            let digits = String(scalar.value, radix: 16)
            return digits.count == 1 ? "0\(digits)" : digits
        }.joined()
    }

    func port(of url: String) -> String { url.split(separator: ":").last.map(String.init) ?? "" }
}
