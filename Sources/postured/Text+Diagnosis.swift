internal import Doctor

extension Text {
    static func diagnosis(_ diagnosis: Diagnosis) -> String {
        diagnosis.findings.flatMap { finding in
            let head = "\(pad(finding.outcome.rawValue, 8)) \(pad(finding.name, 17)) \(finding.seen)"
            return [head] + (finding.advice.map { ["\(pad("", 26)) → \($0)"] } ?? [])
        }.joined(separator: "\n")
    }
}
