/// Bodies that are hard on a reader of JSON, in the manner of JSONTestSuite: `y` is JSON, `n` is none, `i` may be read
/// or not, as the reader likes: Foundation's looks at a number or a string only where
/// one is asked for, and one odd name must not cost a thousand devices their answer.
struct TortureJSON: Sendable {
    enum Kind { case y, n, i }

    var kind: Kind
    var name: String
    var bytes: [UInt8]

    private init(_ kind: Kind, _ name: String, _ bytes: [UInt8]) {
        (self.kind, self.name, self.bytes) = (kind, name, bytes)
    }

    /// Whole documents, and values in the places where a device's field, a device, and something unknown stand.
    static let all: [TortureJSON] = documents + deep + encodings + placed

    /// The values, each in each place.
    private static let placed: [TortureJSON] = values.flatMap { kind, value in
        places.map { place in
            // 'cut' is: whatever the value is, the document is none.
            TortureJSON(
                place.name == "cut" ? .n : kind,
                "\(value.0) as \(place.name)",
                Array(place.before.utf8) + value.1 + Array(place.after.utf8)
            )
        }
    }

    private static let places: [(name: String, before: String, after: String)] = [
        ("field", #"{"devices":[{"device_id":"a","serial_number":"#, "}]}"),
        ("id", #"{"devices":[{"device_id":"#, "}]}"), ("device", #"{"devices":["#, "]}"),
        ("cut", #"{"devices":[{"device_id":"a","email":"#, #"}],"#), ("unknown", #"{"x":"#, #","devices":[]}"#),
    ]

    private static let documents: [TortureJSON] = documentTexts.map { kind, text in
        TortureJSON(kind, "document \(text.prefix(40))", Array(text.utf8))
    }

    private static let documentTexts: [(Kind, String)] = [
        (.y, "{}"), (.y, "[]"), (.y, "null"), (.y, ""), (.y, "   "), (.y, "\u{feff}{}"), (.y, "{\"\":0}"),
        (.y, "{\"a\\u0000b\":0}"),
        (.y, #"{"devices":[{"device_id":"\uD834\uDD1E"}]}"#), (.y, #"{"devices":[{"device_id":"a","a":1,"a":2}]}"#),
        (.y, #"{"devices":[{"device_id":"\u0000\u001f\u202e"}]}"#), (.y, "\t\r\n {\t}\r\n "),
        (.y, #"{"devices":[],"devices":[]}"#), (.y, #"{"devices":[{"device_id":"a","device_id":"b"}]}"#),
        (.n, "{"), (.n, "}"), (.n, "["), (.n, "]"), (.n, "{]"), (.n, "[}"), (.n, "{}{}"), (.n, "{} x"), (.n, "{},"),
        (.n, #"{"a"}"#), (.n, #"{"a":}"#), (.n, #"{:1}"#), (.n, #"{,}"#), (.n, #"{"a":1,,"b":2}"#), (.n, #"{a:1}"#),
        (.n, "{'a':1}"), (.n, #"{"a" 1}"#), (.n, #"{"a":1 "b":2}"#), (.n, #"{1:1}"#), (.n, #"{null:1}"#), (.n, "[1 2]"),
        (.n, "[,1]"), (.n, "[1,,2]"), (.n, "\""), (.n, "\"a"), (.n, "tru"), (.n, "nul"), (.n, "True"), (.n, "*"),
        (.n, "<a/>"),
        (.n, "a=1&b=2"), (.n, #"{"a":"b"#), (.n, #"{"a":"\"#), (.n, #"{"devices":[{"device_id":"a"}"#), (.n, "\u{60}"),
        (.n, "{\"a\":1}\u{feff}"), (.n, "\u{2060}{}"), (.n, "\u{a0}{}"), (.n, "\u{c}{}"), (.n, "{}\u{0}"),
        (.n, "\u{0}{}"),
        (.n, "true"), (.n, "1"), (.n, #""devices""#), (.n, #"{"devices": { [ {"device_id":"a"} ] } }"#),
        (.i, "{/**/}"), (.i, "{}//"), (.i, #"{"a":1,}"#), (.i, "[1,]"), (.i, #"{"devices":[{"device_id":"a",}]}"#),
    ]

    private static let deep: [TortureJSON] = [64, 65, 511, 512, 513, 514, 1000, 100_000].flatMap { depth in
        brackets.flatMap { bracket in deep(bracket, depth) }
    }

    private static let brackets = [
        ("[", "]"), (#"{"devices":"#, "}"), (#"[{"a":"#, "}]"), (#"{"devices":[{"device_id":"a","x":["#, "]}]}"),
    ]

    private static func deep(_ bracket: (String, String), _ depth: Int) -> [TortureJSON] {
        let open = String(repeating: bracket.0, count: depth)
        let closed = open + "1" + String(repeating: bracket.1, count: depth)
        return [
            TortureJSON(.n, "\(depth) of \(bracket.0), open", Array(open.utf8)),
            TortureJSON(depth > 64 ? .n : .i, "\(depth) of \(bracket.0), closed", Array(closed.utf8)),
        ]
    }

    private static let encodings: [TortureJSON] = {
        let text = Array(#"{"devices":[{"device_id":"a"}]}"#.utf8)
        return [
            TortureJSON(.n, "UTF-16LE", text.flatMap { [$0, 0] }),
            TortureJSON(.n, "UTF-16BE", text.flatMap { [0, $0] }),
            TortureJSON(.n, "UTF-16LE with BOM", [0xff, 0xfe] + text.flatMap { [$0, 0] }),
            TortureJSON(.n, "UTF-16BE with BOM", [0xfe, 0xff] + text.flatMap { [0, $0] }),
            TortureJSON(.n, "UTF-32LE", text.flatMap { [$0, 0, 0, 0] }),
            TortureJSON(.n, "BOM of UTF-16 alone", [0xff, 0xfe]),
            TortureJSON(.n, "half a BOM", [0xef, 0xbb]),
            TortureJSON(.n, "two BOMs", [0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf] + text),
            TortureJSON(.n, "gzip", [0x1f, 0x8b, 8, 0, 0, 0, 0, 0]), TortureJSON(.n, "0xff alone", [0xff]),
            TortureJSON(.n, "every byte", (0...255).map { UInt8($0) }),
            TortureJSON(.i, "a BOM alone", [0xef, 0xbb, 0xbf]),
        ]
    }()

    private static let values: [(Kind, (String, [UInt8]))] =
        texts.map { kind, text in (kind, (text, Array(text.utf8))) }
        + brokenUTF8.map { bytes in (.i, ("bytes \(bytes)", [0x22] + bytes + [0x22])) }

    private static let brokenUTF8: [[UInt8]] = [
        [0xff], [0xc0, 0xaf], [0xe0, 0x80, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0xbf, 0xbf, 0xbf], [0xc3], [0x80],
        [0xf0, 0x9f], [0xf8, 0x88, 0x80, 0x80, 0x80],
    ]

    private static let texts: [(Kind, String)] = [
        (.y, "1e400"), (.y, "-1e400"), (.y, "1e-400"), (.y, "123456789012345678901234567890"), (.y, "-0"),
        (.y, "0.1e1"),
        (.y, "1E+2"), (.y, "null"), (.y, "true"), (.y, "[]"), (.y, "{}"), (.y, #""""#),
        (.y, #""\/\b\f\n\r\t\\\"""#),
        (.y, "[[[[[[]]]]]]"), (.y, "\"\u{7f}\u{2028}\u{10fffd}\""), (.y, #""\uFFFF\uFEFF""#),
        (.i, "01"), (.i, "-01"), (.i, "+1"), (.i, "1."), (.i, ".1"), (.i, "-"), (.i, "--1"), (.i, "1e"),
        (.i, "1e+"),
        (.i, "0x1"), (.i, "1_0"), (.i, "1e1.5"), (.i, "NaN"), (.i, "Infinity"), (.i, "-Infinity"),
        (.n, "undefined"),
        (.n, "1 2"), (.n, "'a'"), (.n, "\"a\" \"b\""), (.n, "[1}"), (.n, "nulll"), (.i, ""),
        (.i, #""\ud800""#), (.i, #""\udc00""#), (.i, #""\ud800\ud800""#), (.i, #""\ud800\n""#), (.i, #""\x41""#),
        (.i, #""\u12""#), (.i, #""\u{41}""#), (.i, #""\a""#), (.i, "\"a\nb\""), (.i, "\"\t\""), (.i, "\"\u{1}\""),
        (.n, "\"\u{0}\""), (.i, "01e0"), (.i, "-a"), (.i, "1a"), (.i, "0e"), (.i, "９"),
    ]
}
