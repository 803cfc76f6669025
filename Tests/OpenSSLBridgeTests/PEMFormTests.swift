import OpenSSLBridge
import PostureModel
import TestSupport
import Testing

/// The forms in which files come from other systems: every reader takes and refuses the same ones.
@Suite("PEM")
struct PEMFormTests {
    /// Who reads: the certificates of a file, its CRLs, or its private key.
    enum Reader: CaseIterable {
        case certificates, lists, key

        var content: EncodedContent {
            switch self {
            case .certificates: .certificate
            case .lists: .revocationList
            case .key: .privateKey
            }
        }

        /// How many objects it finds.
        func count(_ text: String) throws(PEMError) -> Int { try count(Array(text.utf8)) }

        func count(_ bytes: [UInt8]) throws(PEMError) -> Int {
            switch self {
            case .certificates: try Certificate.parse(bytes).count
            case .lists: try RevocationList.parse(bytes).count
            case .key: try PrivateKey(bytes).publicKey.jwk.algorithm == .es256 ? 1 : 0
            }
        }
    }

    let root: Issued
    let directory: TemporaryDirectory

    init() throws {
        root = try .root("Corp Root")
        directory = try TemporaryDirectory("pem")
    }

    /// What this reader looks for, in PEM.
    private func text(for reader: Reader) throws -> String {
        switch reader {
        case .certificates: pem("CERTIFICATE", root.der)
        case .lists: pem("X509 CRL", try root.list())
        case .key: try root.key.pem()
        }
    }

    private func expect(_ error: PEMError, of text: String, by reader: Reader) {
        #expect(throws: error, "\(text.prefix(60))") { try reader.count(text) }
    }

    @Test("is read with byte order marks, other line ends and text around it", arguments: Reader.allCases)
    func taken(by reader: Reader) throws {
        let plain = try text(for: reader)
        let mark = "\u{feff}"
        let texts = [
            plain, mark + plain, plain.replacing("\n", with: "\r\n"), mark + plain.replacing("\n", with: "\r\n"),
            plain.replacing("\n", with: "\r"), plain.replacing("\n", with: " \t\n"), "\n\n" + plain + "\n\n",
            "Bag Attributes\n    friendlyName: x\nsubject=CN = x\n" + plain, " 0 s:CN = x\n" + plain,
            "0 s:CN = x\n" + plain, "# Kommentar f\u{fc}r\n" + plain, mark + "text\n" + mark + plain,
            mark + mark + plain,
            plain + "\u{1a}", "- BEGIN of the file\n" + plain, "-- the END --\n---\n" + plain, String(plain.dropLast()),
            plain.replacing("-----\nM", with: "-----\n\nM"),
        ]
        for text in texts { #expect(try reader.count(text) == 1, "\(text.prefix(60))") }
        let latin = Array("# Kommentar f".utf8) + [0xfc, 0x0a]
        #expect(try reader.count(latin + Array(plain.utf8)) == 1)
        let lines = plain.split(separator: "\n")
        let long = [String(lines[0]), lines[1..<lines.count - 1].joined(), String(lines[lines.count - 1])]
        #expect(try reader.count(long.joined(separator: "\n")) == 1)
        let other = try reader == .certificates ? root.key.pem() : pem("CERTIFICATE", root.der)
        for text in [other + plain, plain + other, plain + mark + other] { #expect(try reader.count(text) == 1) }
    }

    @Test("with lines that other readers take otherwise is refused by line", arguments: Reader.allCases)
    func flaws(by reader: Reader) throws {
        let plain = try text(for: reader)
        let lines = plain.split(separator: "\n").map(String.init)
        let (begin, body, end) = (lines[0], Array(lines[1..<lines.count - 1]), lines[lines.count - 1])
        let last = lines.count
        let middle = body.joined(separator: "\n")
        let flaws: [(String, Int, PEMError.Flaw)] = [
            (lines.joined(), 1, .lostLineEnds), (lines.joined(separator: " "), 1, .lostLineEnds),
            (lines.joined(separator: "\\n"), 1, .escapedLineEnds),
            ("key: '\(lines.joined(separator: "\\n"))'", 1, .escapedLineEnds),
            ("\"\(begin)\n\(middle)\n\(end)\"", 1, .textBefore), ("pem: " + plain, 1, .textBefore),
            (lines.map { "  " + $0 }.joined(separator: "\n"), 1, .indented),
            ("\(begin)\n\(middle)\n  \(end)\n", last, .indented), ("\(begin)\n\(middle)\n", 1, .noEnd),
            ("\(begin)\n\(middle)\n\(plain)", 1, .noEnd), ("\(middle)\n\(end)\n", last - 1, .endWithoutBegin),
            (String(plain.dropLast()) + plain, last, .missingLineEnd),
            (plain + "\(begin)\(middle)", last + 1, .lostLineEnds),
            ("\(begin)\n\(middle)\n-----END DATA-----\n", last, .endOfAnother),
            ("\(begin)\n!\(middle)\n\(end)\n", 2, .notBase64), ("\(begin)\n\(end)\n", 1, .notBase64),
            ("\(begin)\n\(middle)A\n\(end)\n", 1, .notBase64),
            ("\(begin)\n\(middle)\(end)\n", last - 1, .lostLineEnds),
            (plain + String(begin.dropFirst()), last + 1, .malformedBoundary),
            (plain.replacing("-----", with: "\u{2014}\u{2014}"), 1, .malformedBoundary),
            (plain + String(begin.dropLast(5)), last + 1, .malformedBoundary),
            (String(plain.dropLast(2)) + "\n", last, .malformedBoundary),
            (plain + begin.lowercased(), last + 1, .malformedBoundary),
        ]
        for (text, line, flaw) in flaws { expect(.line(line, flaw), of: text, by: reader) }
    }

    @Test("that is none is named for what it is", arguments: Reader.allCases)
    func named(by reader: Reader) throws {
        for text in ["", " \r\n\t", "\n"] { expect(.empty, of: text, by: reader) }
        for text in ["garbage", "\u{feff}", "BEGIN CERTIFICATE"] { expect(.neither, of: text, by: reader) }
        let plain = try text(for: reader)
        for isBigEndian in [true, false] {
            let units = ("\u{feff}" + plain).utf16.flatMap { unit -> [UInt8] in
                let pair = [UInt8(unit >> 8), UInt8(unit & 0xff)]
                return isBigEndian ? pair : pair.reversed()
            }
            #expect(throws: PEMError.wideCharacters) { try reader.count(units) }
            #expect(throws: PEMError.wideCharacters) { try reader.count(Array(units.dropFirst(2))) }
        }
        let wide = plain.utf8.flatMap { byte -> [UInt8] in [byte, 0, 0, 0] }
        #expect(throws: PEMError.wideCharacters) { try reader.count(wide) }
        let unknown = plain.replacing("BEGIN ", with: "BEGIN MY ").replacing("END ", with: "END MY ")
        let found: EncodedContent = reader == .key ? .foreignPrivateKey : .unknown
        for text in [unknown, unknown + plain, plain + unknown] {
            expect(.other(found, isDER: false, insteadOf: reader.content), of: text, by: reader)
        }
    }
}

@Suite("What is no certificate, CRL or private key")
struct OtherContentTests {
    let root: Issued
    let directory: TemporaryDirectory

    init() throws {
        root = try .root("Corp Root")
        directory = try TemporaryDirectory("content")
    }

    /// What the openssl program makes of the root's certificate and key, in PEM or in DER.
    private func made(_ content: EncodedContent, inDER: Bool) throws -> [UInt8] {
        let certificate = try directory.write(pem("CERTIFICATE", root.der).utf8, to: "c.pem")
        let key = try directory.write(root.key.pem().utf8, to: "k.pem")
        let list = try directory.write(pem("X509 CRL", root.list()).utf8, to: "l.pem")
        let out = directory.file("out")
        let form = inDER ? ["-outform", "DER"] : []
        let command: [String] =
            switch content {
            case .certificate: ["x509", "-in", certificate] + form
            case .trustedCertificate: ["x509", "-trustout", "-in", certificate]
            case .revocationList: ["crl", "-in", list] + form
            case .privateKey: ["pkcs8", "-topk8", "-nocrypt", "-in", key] + form
            case .encryptedPrivateKey: ["pkcs8", "-topk8", "-in", key, "-passout", "pass:x"] + form
            case .publicKey: ["pkey", "-in", key, "-pubout"] + form
            case .certificateRequest: ["req", "-new", "-subj", "/CN=x", "-key", key] + form
            case .pkcs7: ["crl2pkcs7", "-nocrl", "-certfile", certificate] + form
            case .pkcs12: ["pkcs12", "-export", "-in", certificate, "-inkey", key, "-passout", "pass:x"]
            case .parameters: ["ecparam", "-name", "prime256v1"] + form
            case .foreignPrivateKey, .unknown: []
            }
        try runTool("openssl", command + ["-out", out])
        return try contents(of: out)
    }

    private static let kinds: [EncodedContent] = [
        .certificate, .revocationList, .privateKey, .encryptedPrivateKey, .publicKey, .certificateRequest, .pkcs7,
    ]

    @Test("is named, in PEM and in DER", arguments: kinds + [.trustedCertificate, .pkcs12, .parameters])
    func named(content: EncodedContent) throws {
        for isDER in [false, true] {
            // OpenSSL writes each of these in one form only, and parameters in DER are any object identifier.
            if content == .pkcs12, !isDER { continue }
            if isDER, content == .trustedCertificate || content == .parameters { continue }
            let bytes = try made(content, inDER: isDER)
            for reader in PEMFormTests.Reader.allCases where reader.content != content {
                let error = #expect(throws: PEMError.self) { try reader.count(bytes) }
                #expect(error == .other(content, isDER: isDER, insteadOf: reader.content))
            }
        }
    }

    @Test("may be beside it, unless the certificates themselves may be in that")
    func beside() throws {
        let certificate = Array(pem("CERTIFICATE", root.der).utf8)
        for content in [EncodedContent.privateKey, .publicKey, .certificateRequest, .parameters, .encryptedPrivateKey] {
            #expect(try Certificate.parse(made(content, inDER: false) + certificate).count == 1)
        }
        for content in [EncodedContent.pkcs7, .trustedCertificate] {
            let bytes = try made(content, inDER: false)
            for text in [certificate + bytes, bytes + certificate] {
                #expect(throws: PEMError.other(content, isDER: false, insteadOf: .certificate)) {
                    try Certificate.parse(text)
                }
            }
        }
    }

    @Test("comes with the command that converts it")
    func advice() throws {
        for (content, isDER, command) in [
            (EncodedContent.pkcs7, false, "openssl pkcs7 -print_certs -in FILE -out FILE.pem"),
            (.pkcs7, true, "openssl pkcs7 -inform DER -print_certs -in FILE -out FILE.pem"),
            (.trustedCertificate, false, "openssl x509 -in FILE -out FILE.pem"),
            (.pkcs12, true, "openssl pkcs12 -nokeys -in FILE -out FILE.pem"),
        ] {
            let error = #expect(throws: PEMError.self) { try Certificate.parse(made(content, inDER: isDER)) }
            #expect(error?.description.contains(command) == true, "\(error as Any)")
            guard content != .pkcs12 else { continue }
            let words = command.split(separator: " ").dropFirst().map { word in
                word.hasPrefix("FILE") ? directory.file(word == "FILE" ? "out" : "converted") : String(word)
            }
            try runTool("openssl", words)
            #expect(try Certificate.parse(contents(of: directory.file("converted"))).map(\.der) == [root.der])
        }
    }

    @Test("has a private key, or not")
    func privateKeys() throws {
        for content in Self.kinds + [.pkcs12] {
            let isKey = [EncodedContent.privateKey, .encryptedPrivateKey, .pkcs12].contains(content)
            #expect(try EncodedContent.hasPrivateKey(made(content, inDER: true)) == isKey, "\(content)")
            if content == .pkcs12 { continue }
            #expect(try EncodedContent.hasPrivateKey(made(content, inDER: false)) == isKey, "\(content)")
        }
        let wide = try root.key.pem().utf8.flatMap { byte -> [UInt8] in [0, byte] }
        #expect(EncodedContent.hasPrivateKey(wide))
    }
}
