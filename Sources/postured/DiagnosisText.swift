internal import Doctor

extension Text {
    static func diagnosis(_ diagnosis: Diagnosis) -> String {
        diagnosis.findings.flatMap { finding in
            let head = "\(Paint.word(finding.outcome.rawValue, width: 8)) \(pad(finding.name, 17)) \(finding.seen)"
            return [head] + (finding.advice.map { ["\(pad("", 26)) → \($0)"] } ?? [])
        }.joined(separator: "\n")
    }
}
