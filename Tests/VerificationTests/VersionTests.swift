import OpenSSLBridge
import TestSupport
import Testing
import Verification

@Suite("A certificate's version")
struct VersionTests {
    let root: Issued

    init() throws { root = try .root("Corp Root") }

    @Test("is 1, 2 or 3, and 3 where there are extensions, wherever the certificate stands")
    func versions() throws {
        for version in [nil, 0, 1, 2, 4, 5, 128, 1 << 33] as [Int?] {
            let change: (inout Draft) -> Void = { $0.version = version }
            try judged(root.leaf(change: change), trusted: [root])
                .expect(.malformed, "CN=laptop-1.acme.test", "version")
            let issuing = try root.ca("Corp Issuing", change: change)
            try judged(issuing.leaf(), trusted: [root], carried: [issuing])
                .expect(.malformed, "CN=Corp Issuing", "version")
            let anchor = try Issued.root("Old Root", change: change)
            try judged(anchor.leaf(), trusted: [anchor]).expect(.malformed, "CN=Old Root", "version")
        }
        #expect(try judged(root.leaf { $0.version = 3 }, trusted: [root]).chain() != nil)
    }

    @Test("is read as it stands there, and 1 where it does not")
    func field() throws {
        for (version, read) in [(nil, 1), (1, 1), (2, 2), (3, 3), (4, nil), (0, nil), (1 << 33, nil)] as [(Int?, Int?)]
        {
            #expect(try root.leaf { $0.version = version }.parsed().version == read)
        }
    }

    @Test("is 2 or 3 where there are unique identifiers")
    func uniqueIdentifiers() throws {
        for identifier in [tlv(0x81, [0, 1]), tlv(0x82, [0, 1]), tlv(0x81, [0, 1]) + tlv(0x82, [0, 2])] {
            let old = try root.leaf { draft in
                (draft.version, draft.extensions, draft.uniqueIdentifiers) = (nil, [], identifier)
            }
            try judged(old, trusted: [root], usages: []).expect(.malformed, "unique identifiers")
            #expect(try judged(root.leaf { $0.uniqueIdentifiers = identifier }, trusted: [root]).chain() != nil)
        }
    }
}
