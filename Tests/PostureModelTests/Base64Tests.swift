import PostureModel
import Testing

@Suite("Base64url")
struct Base64URLTests {
    @Test("is that of RFC 4648, section 10, without padding")
    func vectors() {
        let vectors = [
            ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
            ("foobar", "Zm9vYmFy"),
        ]
        for (plain, text) in vectors {
            #expect(Base64URL.encode(Array(plain.utf8)) == text)
            #expect(Base64URL.decode(text) == Array(plain.utf8))
        }
        #expect(Base64URL.encode([0xfb, 0xff, 0xfe]) == "-__-")
        #expect(Base64URL.decode("-__-") == [0xfb, 0xff, 0xfe])
    }

    @Test("comes back as what it was, at every length")
    func roundTrip() {
        for length in 0..<200 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ length) }
            #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
        }
    }

    @Test(
        "has one text for one value, and nothing else is read",
        arguments: [
            "Zg==", "Zg=", "Zm8=", "=", "====", "A", "AAAAA", "+__+", "-//-", "Zh", "Zm9", "Zm-", " Zg", "Zg ", "Zg\n",
            "Zm 9v", "Zm\r\n9v", "Zm9v\0", "\0", "Zm9v.", "Zm9v,Zm9v", "é", "Ａg", "Zg\u{301}", "*", "Z*==",
        ]
    )
    func strict(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }
}

@Suite("Base64 of x5c")
struct Base64Tests {
    @Test("has the plain alphabet, and padding")
    func padding() {
        #expect(Base64.encode([0xfb, 0xff, 0xfe, 0xff]) == "+//+/w==")
        #expect(Base64.decode("+//+/w==") == [0xfb, 0xff, 0xfe, 0xff])
        #expect(Base64.decode("") == [])
    }

    @Test(
        "is refused otherwise",
        arguments: ["-__-", "Zg", "Zg=", "Z", "Zm9v\n", " Zm9v", "Zm9v*", "Z===", "\0\0\0\0"]
    )
    func refused(text: String) {
        #expect(Base64.decode(text) == nil)
    }
}

@Suite("A device id")
struct DeviceIDTests {
    static let text = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"

    @Test("is 32 bytes in base64url")
    func valid() throws {
        let id = try #require(DeviceID(rawValue: Self.text))
        #expect(id.description == Self.text)
        #expect(try Wire.encode([id]) == Array("[\"\(Self.text)\"]".utf8))
        #expect(try Wire.decode([DeviceID].self, from: Wire.encode([id])) == [id])
    }

    @Test(
        "is nothing else",
        arguments: [
            "", "x", text + "A", String(text.dropLast()), text + "=", " " + text, text.replacing("_", with: "/"),
            text.replacing("s", with: "t"), "../../../etc/passwd",
        ]
    )
    func invalid(text: String) {
        #expect(DeviceID(rawValue: text) == nil)
        #expect(throws: WireError.self) { try Wire.decode([DeviceID].self, from: Wire.encode([text])) }
    }
}
