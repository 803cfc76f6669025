import OpenSSLBridge
import PostureModel

extension BadToken {
    /// Tokens whose form is wrong.
    static func forms() throws -> [BadToken] {
        let good = try TestTeam.token()
        let parts = good.split(separator: ".").map(String.init)
        let (head, body, signature) = (parts[0], parts[1], parts[2])
        let texts: [(String, String)] = [
            ("nothing", ""), ("a dot", "."), ("two dots", ".."), ("one part", head), ("two parts", "\(head).\(body)"),
            ("four parts", "\(good).\(signature)"), ("five parts, as encrypted ones have", "\(good)..\(head)"),
            ("no header", ".\(body).\(signature)"), ("no claims", "\(head)..\(signature)"),
            ("no signature", "\(head).\(body)."), ("padding", "\(good)=="),
            ("padding inside", "\(head)=.\(body).\(signature)"),
            ("blank before", " \(good)"), ("line after", "\(good)\n"),
            ("blank inside", "\(head). \(body).\(signature)"),
            ("plain base64", "\(head).\(body).\(signature.replacing("-", with: "+").replacing("_", with: "/"))+"),
            ("percent", "\(head).\(body).%41"), ("scheme", "Bearer \(good)"), ("two tokens", "\(good),\(good)"),
            ("NUL", "\(good)\0"), ("not ASCII", "\(head).\(body)é.\(signature)"),
            ("parts swapped", "\(body).\(head).\(signature)"),
        ]
        let claims = TestTeam.claims()
        let header = Array(#"{"alg":"RS256","kid":"key-1"}"#.utf8)
        let deep = String(repeating: "[", count: 2000) + String(repeating: "]", count: 2000)
        let raw: [(String, [UInt8], [UInt8])] = [
            ("header an array", Array("[]".utf8), claims), ("header empty", [], claims),
            ("header a string", Array(#""RS256""#.utf8), claims), ("header null", Array("null".utf8), claims),
            ("header not JSON", Array("{alg:RS256,kid:key-1}".utf8), claims),
            ("header not UTF-8", Array(#"{"alg":"RS256","kid":"key-1"#.utf8) + [0xff, 0x22, 0x7d], claims),
            ("header with alg twice, none first", Array(#"{"alg":"none","alg":"RS256","kid":"key-1"}"#.utf8), claims),
            ("claims an array", header, Array("[]".utf8)), ("claims null", header, Array("null".utf8)),
            ("claims not UTF-8", header, [0xff, 0xfe] + claims), ("claims cut", header, claims.dropLast()),
            ("claims with more at their end", header, claims + Array("{}".utf8)),
            ("claims nested deeply", header, Array(#"{"a":\#(deep)}"#.utf8)), ("claims NUL", header, [0]),
            (
                "of 20 KiB", header,
                Array(claims.dropLast()) + Array(#","a":"\#(String(repeating: "a", count: 15_000))"}"#.utf8)
            ),
        ]
        return texts.map { BadToken(name: $0, text: $1) }
            + (try raw.map { BadToken(name: $0, text: try TestTeam.token(rawHeader: $1, rawClaims: Array($2))) })
    }

    /// Tokens whose signature is not the team's over this header and these claims.
    static func signatures() throws -> [BadToken] {
        let good = try TestTeam.token()
        let parts = good.split(separator: ".").map(String.init)
        let bytes = Base64URL.decode(parts[2]) ?? []
        func with(_ signature: [UInt8]) -> String { "\(parts[0]).\(parts[1]).\(Base64URL.encode(signature))" }
        func flipped(_ place: Int) -> String {
            var changed = bytes
            changed[place] ^= 1
            return with(changed)
        }
        let other = try TestTeam.token(claims: ["exp": "\(TestClock.start.seconds + 1)"]).split(separator: ".")
        // 256 bytes leave four bits of the last character unused.
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        let last = alphabet.firstIndex(of: good.last ?? "A") ?? 0
        return [
            BadToken(name: "first bit flipped", text: flipped(0)), BadToken(name: "middle flipped", text: flipped(128)),
            BadToken(name: "last bit flipped", text: flipped(bytes.count - 1)),
            BadToken(name: "signature cut", text: with(bytes.dropLast())),
            BadToken(name: "one byte more", text: with(bytes + [0])),
            BadToken(name: "zero before", text: with([0] + bytes)),
            BadToken(name: "all zeros", text: with([UInt8](repeating: 0, count: 256))),
            BadToken(name: "one", text: with([UInt8](repeating: 0, count: 255) + [1])),
            BadToken(name: "unused bits set", text: good.dropLast() + String(alphabet[last | 1])),
            BadToken(name: "claims of another token", text: "\(parts[0]).\(other[1]).\(parts[2])"),
            BadToken(name: "signature of another token", text: "\(parts[0]).\(parts[1]).\(other[2])"),
            BadToken(
                name: "another key under the same id",
                text: try TestTeam.token { try TestTeam.strangeKey.sign($0, algorithm: .rs256) }
            ),
        ]
    }
}
