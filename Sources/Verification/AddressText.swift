/// An IP address of 4 or 16 octets in the text form of RFC 5952; nil for another length.
func ipText(_ octets: [UInt8]) -> String? {
    if octets.count == 4 { return octets.map(String.init).joined(separator: ".") }
    guard octets.count == 16 else { return nil }
    let groups = stride(from: 0, to: 16, by: 2).map { UInt16(octets[$0]) << 8 | UInt16(octets[$0 + 1]) }
    // The longest run of two or more zero groups, the first of equals, is written "::".
    var longest = 0..<0
    var start = 0
    for index in 0...8 where index == 8 || groups[index] != 0 {
        if index - start > max(1, longest.count) { longest = start..<index }
        start = index + 1
    }
    func text(_ range: Range<Int>) -> String { groups[range].map { String($0, radix: 16) }.joined(separator: ":") }
    return longest.isEmpty ? text(0..<8) : "\(text(0..<longest.lowerBound))::\(text(longest.upperBound..<8))"
}
