import PostureModel
import ScorerModel
import TestSupport
import Testing

@Suite("The age of a report")
struct LivenessTests {
    private func moment(_ seconds: Int64) -> Timestamp { SampleDevice.now.adding(seconds: seconds) }

    @Test("does not count outages: each second once, and only those between the receipt and now")
    func outages() {
        let outages = [(50, 80), (10, 30), (20, 40), (-50, 5), (95, 200), (300, 400)].map {
            Outage(began: moment($0.0), ended: moment($0.1))
        }
        let liveness = Liveness(at: moment(100), staleAfter: 30, outages: outages)
        // Of the hundred seconds 5, 30, 30 and 5 were outages.
        #expect(liveness.age(of: moment(0)) == 30 && !liveness.isLive(moment(0)))
        #expect(liveness.age(of: moment(6)) == 29 && liveness.isLive(moment(6)))
        #expect(liveness.moved(to: moment(60)).age(of: moment(0)) == 15)
        #expect(!liveness.isLive(nil as Timestamp?))
    }
}
