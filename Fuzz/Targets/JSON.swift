internal import OpenSSLBridge
internal import PostureModel

/// JSON as either side sends it, read as each thing that it may be.
///
/// What holds: it is refused, or what was read is the same when it is written and read again.
func fuzzJSON(_ bytes: [UInt8]) {
    holdRoundTrip(Report.self, bytes)
    holdRoundTrip(Registration.self, bytes)
    holdRoundTrip(Retirement.self, bytes)
    holdRoundTrip(KeyReplacement.self, bytes)
    holdRoundTrip(ProtectedHeader.self, bytes)
    holdRoundTrip(ReportAnswer.self, bytes)
    holdRoundTrip(DeviceAnswer.self, bytes)
    holdRoundTrip(Problem.self, bytes)
    if let jwk = holdRoundTrip(JWK.self, bytes), let key = try? PublicKey(jwk) {
        hold(key.thumbprint.count == 32, "a key has a thumbprint")
    }
}

@discardableResult
private func holdRoundTrip<Value: Codable & Equatable>(_ type: Value.Type, _ bytes: [UInt8]) -> Value? {
    guard let value: Value = try? Wire.decode(from: bytes) else { return nil }
    guard let written = try? Wire.encode(value), let again: Value = try? Wire.decode(from: written) else {
        fatalError("does not hold: a \(type) that was read can be written and read again")
    }
    hold(again == value, "a \(type) is the same when it is written and read again")
    hold((try? Wire.encode(again)) == written, "a \(type) is written in one way")
    return value
}
