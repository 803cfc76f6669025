import OpenSSLBridge
import Testing

@Suite("A digest")
struct DigestTests {
    @Test("is that of FIPS 180-2, appendix B.1")
    func sha256() {
        #expect(
            hex(Digest.sha256(Array("abc".utf8))) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        )
        #expect(hex(Digest.sha256([])) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    @Test("with a key is that of RFC 4231, sections 4.2, 4.3 and 4.7")
    func hmac() {
        let vectors: [(key: [UInt8], message: String, mac: String)] = [
            (
                [UInt8](repeating: 0x0b, count: 20), "Hi There",
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
            ),
            (
                Array("Jefe".utf8), "what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
            ),
            (
                [UInt8](repeating: 0xaa, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
            ),
        ]
        for (key, message, mac) in vectors {
            #expect(hex(Digest.hmacSHA256(key: key, message: Array(message.utf8))) == mac)
        }
    }

    @Test("may have an empty key and an empty message")
    func empty() {
        let mac = "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"
        #expect(hex(Digest.hmacSHA256(key: [], message: [])) == mac)
    }

    @Test("is compared whole")
    func comparison() {
        #expect(Digest.areEqual([1, 2, 3], [1, 2, 3]))
        #expect(Digest.areEqual([], []))
        #expect(!Digest.areEqual([1, 2, 3], [1, 2, 4]))
        #expect(!Digest.areEqual([1, 2, 3], [0, 2, 3]))
        #expect(!Digest.areEqual([1, 2, 3], [1, 2]))
        #expect(!Digest.areEqual([], [0]))
    }

    @Test("has randomness of the length asked for, never the same twice")
    func random() {
        #expect(Digest.random(count: 0).isEmpty)
        #expect(Set((0..<100).map { _ in Digest.random(count: 16) }).count == 100)
        #expect(Digest.random(count: 33).count == 33)
    }
}

private func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
