import Testing

@testable import Watching

@Suite("What is known of links and addresses")
struct NetworkStateTests {
    /// `RTM_NEWLINK` or `RTM_DELLINK` of an interface without a name.
    private func link(_ type: UInt8, family: UInt8 = 0, index: UInt8 = 7, flags: UInt8) -> [UInt8] {
        [32, 0, 0, 0, type, 0, 0, 0] + .zeros(8) + [family, 0, 1, 0, index, 0, 0, 0, flags, 0, 0, 0] + .zeros(4)
    }

    /// `RTM_NEWADDR` or `RTM_DELADDR` of an IPv4 address with `IFA_LOCAL`.
    private func address(_ type: UInt8, _ octet: UInt8, flags: UInt8 = 0x80) -> [UInt8] {
        [32, 0, 0, 0, type, 0, 0, 0] + .zeros(8) + [2, 24, flags, 0, 7, 0, 0, 0, 8, 0, 2, 0, 192, 0, 2, octet]
    }

    @Test("changes with what was not known, once")
    func once() {
        let known = Known()
        let messages = [
            link(16, flags: 0), link(16, flags: 1), address(20, 1, flags: 0x40), address(20, 1), address(20, 2),
            address(21, 2), link(17, flags: 1), link(16, flags: 0),
        ]
        for message in messages {
            #expect(known.changed(by: message))
            #expect(!known.changed(by: message))
        }
    }

    @Test("does not change with the loopback, other flags, or what a bridge says of its ports")
    func irrelevant() {
        let known = Known()
        #expect(known.changed(by: link(16, flags: 1)))
        // IFF_PROMISC is not in the first byte; IFF_DEBUG and IFF_POINTOPOINT are.
        #expect(!known.changed(by: link(16, flags: 1 | 0x04 | 0x10)))
        #expect(!known.changed(by: link(17, family: 7, flags: 1)))
        #expect(!known.changed(by: link(16, index: 1, flags: 1)))
        #expect(!known.changed(by: link(24, flags: 1)))
    }

    @Test("changes with a message that makes no sense, cut anywhere")
    func broken() {
        for length in 1..<32 {
            let known = Known()
            #expect(known.changed(by: Array(address(20, 1)[..<length])))
        }
    }

    @Test("has a bound, and what is beyond it is a change each time")
    func bounded() {
        let known = Known(limit: 2)
        for octet in 1...2 as ClosedRange<UInt8> { #expect(known.changed(by: address(20, octet))) }
        for _ in 0..<3 { #expect(known.changed(by: address(20, 3))) }
        #expect(!known.changed(by: address(20, 2)))
        #expect(known.changed(by: address(21, 2)))
        #expect(known.changed(by: address(20, 3)))
        #expect(!known.changed(by: address(20, 3)))
    }
}

extension [UInt8] {
    fileprivate static func zeros(_ count: Int) -> [UInt8] { .init(repeating: 0, count: count) }
}

/// A state in a box, since a macro cannot change a variable.
private final class Known {
    private var state: NetworkState

    init(limit: Int = 100) { state = NetworkState(limit: limit) }

    func changed(by message: [UInt8]) -> Bool { state.apply(message.span) }
}
