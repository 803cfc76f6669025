@testable internal import Collectors

/// What the kernel answers to a question for its links or addresses.
///
/// What holds: a table is read only if its end is there, and what comes behind the end does not count; names are those of
/// files, and addresses have four numbers. Every message lies inside of the bytes.
func fuzzNetlink(_ bytes: [UInt8]) {
    let wanted: [UInt16] = [1, 2, 3, 54]
    var seen = 0
    let end = eachNetlinkMessage(in: bytes.span, with: { $0 % 2 == 0 ? wanted : nil }) { _, header, attributes in
        seen += 16 + header.count
        hold(header.count == 8 || header.count == 16, "a message has a header of its family's")
        hold(attributes.keys.allSatisfy(wanted.contains), "nothing is read but what is asked for")
        hold(attributes.values.allSatisfy { $0.count < bytes.count }, "a value is a part of the message")
    }
    hold(seen <= bytes.count, "messages lie inside of the bytes")

    let links = try? parseLinks(bytes.span)
    let addresses = try? parseAddresses(bytes.span)
    if end == .bytes { hold(links == nil && addresses == nil, "a table without its end is none") }
    for link in links ?? [] {
        let isFileName = (1...45).contains(link.name.utf8.count) && !link.name.utf8.contains(UInt8(ascii: "/"))
        hold(isFileName && link.name != "." && link.name != "..", "a name is that of a file")
    }
    for address in addresses ?? [] {
        let numbers = address.ipv4.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        hold(numbers.count == 4 && !numbers.contains(nil), "an address has four numbers")
    }
    let longer = bytes + [1, 2, 3]
    if let links { hold(links == (try? parseLinks(longer.span)), "what comes behind the end does not count") }
    if let addresses { hold(addresses == (try? parseAddresses(longer.span)), "nor for addresses") }
}
