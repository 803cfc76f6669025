package import PostureModel
package import ScorerModel

/// A device's record with its newest report decoded: the input of an evaluation.
package struct ScoringInput: Sendable {
    /// The device's record.
    package let record: DeviceRecord
    /// Its newest report.
    package let report: VerifiedReport
    /// When the report was received, by the scorer's clock.
    package let receivedAt: Timestamp
    /// Seconds since then, without the scorer's outages.
    package let age: Int64
    /// The scorer's outages, which count for no report's age.
    package let outages: [Outage]

    /// Creates an input from a report that is decoded already.
    package init(
        _ record: DeviceRecord,
        report: VerifiedReport,
        receivedAt: Timestamp,
        age: Int64,
        outages: [Outage] = []
    ) {
        self.record = record
        self.report = report
        self.receivedAt = receivedAt
        self.age = age
        self.outages = outages
    }

    /// Creates an input from a record, whose newest report it decodes.
    ///
    /// - Returns: nil for a device that has not reported.
    /// - Throws: an error for a payload that this version cannot read.
    package init?(_ record: DeviceRecord, age: Int64, outages: [Outage] = []) throws(WireError) {
        guard let newest = record.newest else { return nil }
        self.init(record, report: try newest.verified(), receivedAt: newest.receivedAt, age: age, outages: outages)
    }

    /// Whether the scorer's clock was set back since the report came, by more than two clocks may differ.
    func isFromTheFuture(at now: Timestamp) -> Bool { now.seconds(since: receivedAt) < -300 }
}
