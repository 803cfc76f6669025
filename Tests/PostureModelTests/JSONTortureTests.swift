import PostureModel
import Testing

@Suite("JSON of an enemy")
struct JSONTortureTests {
    /// Reads the bytes as everything that comes over a wire: each is refused, and nothing crashes.
    private func refused(_ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(throws: WireError.self, sourceLocation: sourceLocation) { try JWS(parsing: bytes) }
        #expect(throws: WireError.self, sourceLocation: sourceLocation) { try Wire.decode(Report.self, from: bytes) }
        #expect(throws: WireError.self, sourceLocation: sourceLocation) {
            try Wire.decode(Registration.self, from: bytes)
        }
        #expect(throws: WireError.self, sourceLocation: sourceLocation) {
            try Wire.decode(ProtectedHeader.self, from: bytes)
        }
    }

    @Test("is refused however deeply it nests", arguments: [65, 100, 511, 512, 513, 514, 10_000, 65_000])
    func nesting(depth: Int) {
        for (open, close) in [("[", "]"), (#"{"payload":"#, "}"), (#"{"a":["#, "]}")] {
            // 513 arrays, and not a byte more, are the death of Foundation's decoder.
            refused(Array(String(repeating: open, count: depth).utf8))
            let count = min(depth, 65_000 / open.utf8.count)
            let whole = String(repeating: open, count: count) + "1" + String(repeating: close, count: count)
            refused(Array(whole.utf8))
            // Where nobody looks, too.
            let hidden = ReportWireTests.text.replacing(#""schema":2"#, with: #""schema":2,"x":"# + whole)
            let error = #expect(throws: WireError.self) { try Wire.decode(Report.self, from: Array(hidden.utf8)) }
            if count > 64 { #expect(error?.description == "nests more than 64 deep") }
        }
    }

    @Test("may nest 64 deep, with any brackets in its strings")
    func nestingAllowed() throws {
        let deep = String(repeating: "[", count: 63) + String(repeating: "]", count: 63)
        let strings = #""\"[[[\\","y":"\\\"{{{","z":"\#(String(repeating: "[{", count: 100))""#
        let text = ReportWireTests.text.replacing(#""schema":2"#, with: #""schema":2,"x":\#(deep),"w":\#(strings)"#)
        #expect(try Wire.decode(Report.self, from: Array(text.utf8)) == ReportWireTests.report())
        let closed = String(repeating: "]", count: 1000) + String(repeating: "[", count: 1513)
        refused(Array(closed.utf8))
    }

    @Test(
        "is refused with numbers that nothing holds",
        arguments: [
            "1e999999999", "-1e999999999", "123456789012345678901234567890", "0.1", "-0.5", "NaN",
            "Infinity", "0x10", "1_000", "01", "+1", ".5", "1.", "--1", "1e", "-",
            String(repeating: "9", count: 50_000),
        ]
    )
    func numbers(number: String) {
        for (key, digit) in [("schema", 2), ("collected_at", 1)] {
            let whole = "\"\(key)\":\(digit)"
            let text = ReportWireTests.text.replacing(whole, with: "\"\(key)\":\(number),\"rest\":1")
            #expect(throws: WireError.self) { try Wire.decode(Report.self, from: Array(text.utf8)) }
        }
    }

    @Test("with a key twice is one reading, not two")
    func duplicates() throws {
        let text = #"{"audience":"a","audience":"b","device":"\#(DeviceIDTests.text)"}"#
        if let registration = try? Wire.decode(Registration.self, from: Array(text.utf8)) {
            #expect(["a", "b"].contains(registration.audience))
            for _ in 0..<20 {
                #expect(try Wire.decode(Registration.self, from: Array(text.utf8)) == registration)
            }
        }
    }

    @Test("is refused in anything but UTF-8")
    func encoding() {
        let sequences: [[UInt8]] = [
            [0xff], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x82], [0x80],
            [0xfe, 0xff],
        ]
        for sequence in sequences {
            refused(sequence)
            let (start, end) = (Array(#"{"audience":""#.utf8), Array(#"","device":"\#(DeviceIDTests.text)"}"#.utf8))
            #expect(throws: WireError.self) { try Wire.decode(Registration.self, from: start + sequence + end) }
        }
    }

    @Test("is refused in UTF-16 and UTF-32, whose quotation marks are not those that nesting is counted by")
    func wideEncodings() {
        let brackets = [UInt8](repeating: UInt8(ascii: "["), count: 513)
        for text in [Array(ReportWireTests.text.utf8), brackets] {
            refused(text.flatMap { [$0, 0] })
            refused([0xff, 0xfe] + text.flatMap { [$0, 0] })
            refused([0xfe, 0xff] + text.flatMap { [0, $0] })
            refused(text.flatMap { [0, 0, 0, $0] })
        }
        // A string of U+2200, whose one byte is a quotation mark in ASCII.
        let start: [UInt8] = [0x7b, 0, 0x22, 0, 0x00, 0x22, 0x22, 0, 0x3a, 0]
        refused(start + brackets.dropFirst().flatMap { [$0, 0] })
    }

    @Test(
        "is refused with half a surrogate pair",
        arguments: [#"\ud800"#, #"\udc00"#, #"\ud800\u0041"#, #"\udc00\ud800"#, #"\u12"#, #"\x41"#, #"\"#]
    )
    func surrogates(escape: String) {
        let text = #"{"audience":"\#(escape)","device":"\#(DeviceIDTests.text)"}"#
        #expect(throws: WireError.self) { try Wire.decode(Registration.self, from: Array(text.utf8)) }
    }

    @Test("may have any character that is one, and keeps it")
    func characters() throws {
        let text = #"{"audience":"\u0000\ud83e\udd81\u202e\/\u001b","device":"\#(DeviceIDTests.text)"}"#
        let registration = try Wire.decode(Registration.self, from: Array(text.utf8))
        #expect(registration.audience == "\0🦁\u{202e}/\u{1b}")
        #expect(try Wire.decode(Registration.self, from: Wire.encode(registration)) == registration)
    }

    @Test("is refused cut anywhere, or with anything after it")
    func cut() throws {
        let bytes = Array(ReportWireTests.text.utf8)
        for length in stride(from: 0, to: bytes.count, by: 7) {
            #expect(throws: WireError.self) { try Wire.decode(Report.self, from: Array(bytes.prefix(length))) }
        }
        for tail in ["}", ",", "{}", "null", "x", "\0"] {
            #expect(throws: WireError.self) { try Wire.decode(Report.self, from: bytes + Array(tail.utf8)) }
        }
    }

    @Test("crashes nothing whichever byte of it is another")
    func everyByte() {
        let bytes = Array(ReportWireTests.text.utf8)
        for index in bytes.indices {
            for value in [bytes[index] ^ 1, 0, 0xff, UInt8(ascii: "\""), UInt8(ascii: "{")] {
                var changed = bytes
                changed[index] = value
                guard let report = try? Wire.decode(Report.self, from: changed) else { continue }
                #expect(throws: Never.self) { try Wire.encode(report) }
            }
        }
    }
}
