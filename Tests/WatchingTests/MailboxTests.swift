import Testing

@testable import Watching

@Suite("Changes that wait")
struct MailboxTests {
    @Test("are there once each, however often they came, and are given all at once")
    func coalesced() async {
        let mailbox = Mailbox()
        for _ in 0..<10_000 { mailbox.put([.network]) }
        mailbox.put([.hostname])
        mailbox.put([.network, .clock])
        #expect(await mailbox.take() == [.network, .hostname, .clock])
    }
}
