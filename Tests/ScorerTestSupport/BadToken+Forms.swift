internal import OpenSSLBridge
internal import PostureModel

extension BadToken {
    /// Tokens whose form is wrong.
    package static func forms() throws -> [BadToken] {
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
            ("tab after", "\(good)\t"), ("header injection", "\(good)\r\nX-Injected: 1"), ("quoted", "\"\(good)\""),
            ("empty parts before", "..\(good)"), ("dot after", "\(good)."), ("in capitals", good.uppercased()),
            ("JSON", #"{"payload":"\#(body)","protected":"\#(head)","signature":"\#(signature)"}"#),
            (
                "JSON of several",
                #"{"payload":"\#(body)","signatures":[{"protected":"\#(head)","signature":"\#(signature)"}]}"#
            ),
            ("one character of base64 too many", "\(head).\(body).\(signature)A"),
            ("slashes for underscores in the claims", "\(head).\(body)/.\(signature)"),
            ("twice encoded", Base64URL.encode(Array(good.utf8))), ("BOM before", "\u{feff}\(good)"),
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
            (
                "header with kid twice, the team's last",
                Array(#"{"alg":"RS256","kid":"evil","kid":"key-1","alg":"none"}"#.utf8), claims
            ),
            ("claims with exp twice", header, claims.dropLast() + Array(#","exp":1}"#.utf8)),
            ("claims with aud twice, once escaped", header, claims.dropLast() + Array(#","\u0061ud":"x"}"#.utf8)),
            ("claims with a BOM, and a bad type", header, [0xef, 0xbb, 0xbf] + TestTeam.claims(["type": #""org""#])),
            ("claims in UTF-16", header, claims.flatMap { [$0, 0] }),
            ("claims with half a pair", header, TestTeam.claims(["iss": #""\ud800""#])),
            ("claims a number", header, Array("1e999".utf8)), ("header a huge number", Array("9e99999".utf8), claims),
            ("claims with a comment", header, Array("/**/".utf8) + claims),
            ("header nested deeply", Array(#"{"alg":"RS256","kid":"key-1","x":\#(deep)}"#.utf8), claims),
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
    package static func signatures() throws -> [BadToken] {
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
