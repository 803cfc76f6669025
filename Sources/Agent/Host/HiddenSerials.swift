package import PostureModel
internal import Verification

extension CandidateVerdict {
    mutating func hideNames(_ hide: (String) -> String) {
        nickname = nickname.map(hide)
        subject = hide(subject)
        reason = hide(reason)
    }
}

extension SerialNumbers {
    /// The same, with a word in the place of each serial number that is not junk.
    var hidden: SerialNumbers {
        func hide(_ serial: Observation<SerialNumber>) -> Observation<SerialNumber> {
            guard case .observed(let value) = serial, value.junkReason == nil else { return serial }
            return .observed(SerialNumber(String.hidden))
        }
        return SerialNumbers(product: hide(product), board: hide(board), chassis: hide(chassis))
    }
}

extension Observation {
    func map(_ body: (Value) -> Value) -> Observation {
        if case .observed(let value) = self { .observed(body(value)) } else { self }
    }
}

extension ReportAnswer {
    /// The same, with each of the secrets taken out of its sentences: certificates are named after serial numbers.
    package func hiding(_ secrets: [String]) -> ReportAnswer {
        var answer = self
        answer.score.cap = score.cap?.hiding(secrets)
        for index in score.rules.indices {
            answer.score.rules[index].reason = score.rules[index].reason.hiding(secrets)
            answer.score.rules[index].advice = score.rules[index].advice?.hiding(secrets)
        }
        return answer
    }
}

extension String {
    /// The text that replaces a serial number.
    static let hidden = "(not shown)"

    /// The text with each of the secrets, in upper or lower case, taken out.
    package func hiding(_ secrets: [String]) -> String {
        secrets.filter { !$0.isEmpty && $0 != Self.hidden }.reduce(self) { text, secret in
            let (bytes, word) = (Array(text.utf8), Array(secret.utf8).map(Self.lower))
            var result: [UInt8] = []
            var index = 0
            while index < bytes.count {
                if index + word.count <= bytes.count,
                    zip(bytes[index...], word).allSatisfy({ Self.lower($0) == $1 })
                {
                    result += Self.hidden.utf8
                    index += word.count
                } else {
                    result.append(bytes[index])
                    index += 1
                }
            }
            return String(decoding: result, as: UTF8.self)
        }
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
