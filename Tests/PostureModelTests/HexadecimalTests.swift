import PostureModel
import Testing

@Suite("Hexadecimal digits")
struct HexadecimalTests {
    @Test("stand for bytes, in either case")
    func both() {
        #expect(Hexadecimal.decode("00fFa0") == [0, 0xff, 0xa0])
        #expect(Hexadecimal.encode([0, 0xff, 0xa0]) == "00ffa0")
        #expect(Hexadecimal.decode("") == [])
        for byte in UInt8.min...UInt8.max { #expect(Hexadecimal.decode(Hexadecimal.encode([byte])) == [byte]) }
    }

    @Test("are nothing else", arguments: ["0", "000", "0g", "+1", "-1", " 0", "0x00", "٠٠", "0\u{301}0"])
    func refused(text: String) {
        #expect(Hexadecimal.decode(text) == nil)
    }

    @Test(
        "are a UUID in groups of 8, 4, 4, 4 and 12",
        arguments: [
            ("9ece5fab-7398-488a-a575-e25a9a3dec07", true), ("9ECE5FAB-7398-488A-A575-E25A9A3DEC07", true),
            ("", false), ("9ece5fab7398488aa575e25a9a3dec07", false), ("9ece5fab-7398-488a-a575-e25a9a3dec0", false),
            ("9ece5fab-7398-488a-a575-e25a9a3dec077", false), ("9ece5fa-b7398-488a-a575-e25a9a3dec07", false),
            ("9ece5fag-7398-488a-a575-e25a9a3dec07", false), ("{ece5fab-7398-488a-a575-e25a9a3dec0}", false),
        ]
    )
    func uuids(text: String, isOne: Bool) {
        #expect(isUUID(text.utf8) == isOne)
    }
}
