@_spi(Verifying) package import PostureModel

/// A report at rest: its payload as it was received, and the verdicts of that moment.
package struct StoredReport: Sendable, Equatable {
    /// The payload of the message, as the device signed it.
    package let payload: [UInt8]
    /// The scorer's verdict for each of its checks, of the moment of receipt.
    package let checks: [CheckVerdict]
    /// When the nonce was issued: what orders the reports of one device.
    package let nonceIssuedAt: Timestamp
    /// When the report was received, by the scorer's clock.
    package let receivedAt: Timestamp

    /// Creates a report at rest from its parts.
    package init(payload: [UInt8], checks: [CheckVerdict], nonceIssuedAt: Timestamp, receivedAt: Timestamp) {
        self.payload = payload
        self.checks = checks
        self.nonceIssuedAt = nonceIssuedAt
        self.receivedAt = receivedAt
    }

    /// Keeps a report that was verified.
    package init(_ verified: VerifiedReport, receivedAt: Timestamp) {
        self.init(
            payload: verified.payload,
            checks: verified.checks,
            nonceIssuedAt: verified.nonceIssuedAt,
            receivedAt: receivedAt
        )
    }

    /// Reads the report back.
    ///
    /// - Throws: an error for a payload that this version cannot read.
    package func verified() throws(WireError) -> VerifiedReport {
        VerifiedReport(
            report: try Wire.decode(from: payload),
            payload: payload,
            checks: checks,
            nonceIssuedAt: nonceIssuedAt
        )
    }
}

extension ChainLink {
    /// The certificate in one word: `issuerKey:serialNumber`, as a ``Block`` and the store have it.
    package var text: String { "\(issuerKey):\(serialNumber)" }

    /// Reads that word.
    package init?(text: String) {
        let parts = text.split(separator: ":", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        self.init(issuerKey: String(parts[0]), serialNumber: String(parts[1]))
    }
}
