/// A text of the firmware in the form in which placeholders are recognised: lower case, letters and digits alone.
///
/// Vendors write the same placeholder in many ways (`Default string`, `Default_string`, `DEFAULT STRING.`), so what is
/// compared is this form. A text that consists of nothing but the words of such placeholders is one, in any order: a list
/// of whole texts is never complete. One that only contains such a word (`SERIAL42`, `NONE1234`) may be genuine.
///
/// - SeeAlso: the lists that GLPI, OCS Inventory, Fleet and fwupd keep
struct PlaceholderText {
    /// ASCII letters in lower case, digits, and the bytes of other scripts.
    let letters: [UInt8]
    private let hasEnterAsFirstWord: Bool

    init(_ text: String) {
        let bytes = text.asciiLowercased
        // Most are ASCII; white space and punctuation of other scripts is none of the text either.
        letters =
            bytes.allSatisfy { $0 < 0x80 }
            ? bytes.filter(isLetterOrDigit)
            : text.unicodeScalars.filter { $0.properties.isAlphabetic || $0.properties.numericType != nil }
                .flatMap { String($0).asciiLowercased }
        hasEnterAsFirstWord =
            bytes.starts(with: "enter".utf8) && letters.count > 5 && bytes.count > 5 && !isLetterOrDigit(bytes[5])
    }

    /// Whether one character is all there is, or a pattern of up to four digits.
    var isRepetition: Bool {
        let digits = letters.starts(with: "0x".utf8) ? letters.dropFirst(2) : letters[...]
        if Set(digits).count <= 1 { return true }
        return letters.allSatisfy(isDigit)
            && (2...4).contains { period in
                letters.count >= max(8, 3 * period)
                    && letters.indices.allSatisfy { letters[$0] == letters[$0 % period] }
            }
    }

    /// Whether the characters count up or down, each as often as the others.
    var isSequence: Bool { isRun(letters[...]) }

    /// Whether it is made of the words of placeholders, or is one that a vendor is known to leave.
    var isPlaceholder: Bool {
        if hasEnterAsFirstWord || letters.starts(with: "tobefilled".utf8) || letters.starts(with: "filledby".utf8) {
            return true
        }
        return known.contains(letters) || Words(letters).isPlaceholder
    }
}

private func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || isDigit(byte) || byte >= 0x80
}

private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

/// Whether characters count up or down: from the beginning or to the end of their alphabet, or seven of them.
private func isRun(_ text: ArraySlice<UInt8>, least: Int = 4) -> Bool {
    guard let first = text.first else { return false }
    // `112233` counts as `123` does.
    let width = text.prefix { $0 == first }.count
    guard text.count % width == 0, text.count >= least else { return false }
    let heads = stride(from: text.startIndex, to: text.endIndex, by: width).map { text[$0] }
    guard heads.count >= (width == 1 ? least : 3) else { return false }
    for (place, head) in heads.enumerated() {
        let start = text.startIndex + place * width
        guard text[start..<start + width].allSatisfy({ $0 == head }) else { return false }
    }
    let pairs = zip(heads, heads.dropFirst())
    let (nine, zero, a) = (UInt8(ascii: "9"), UInt8(ascii: "0"), UInt8(ascii: "a"))
    if pairs.allSatisfy({ $1 == $0 + 1 || ($0 == nine && ($1 == zero || $1 == a)) || ($0 == zero && $1 == a) }) {
        return [zero, zero + 1, a].contains(first) || heads.count >= 7
    }
    if pairs.allSatisfy({ $0 == $1 + 1 || ($0 == zero && $1 == nine) }) {
        return first == nine || heads.count >= 7 || (heads.count >= 5 && heads.last.map { $0 <= zero + 1 } == true)
    }
    return false
}

/// A text taken apart into words of placeholders, with what is left behind the last one.
private struct Words {
    private var strong = 0
    private var weak = 0
    private var hasOEM = false
    private var tail: ArraySlice<UInt8>

    init(_ text: [UInt8]) {
        tail = text[...]
        while let first = tail.first, let word = vocabulary[first]?.first(where: { tail.starts(with: $0.bytes) }) {
            if word.isStrong { strong += 1 } else { weak += 1 }
            if word.bytes.elementsEqual("oem".utf8) { hasOEM = true }
            tail = tail.dropFirst(word.bytes.count)
        }
    }

    var isPlaceholder: Bool {
        guard strong + weak > 0 else { return false }
        if tail.isEmpty { return strong > 0 || weak == 1 || hasOEM }
        // `SN-12345`; `Serial Number xxxxxx`; `OEM Define 3`.
        if isRun(tail, least: 5), tail.allSatisfy(isDigit) { return true }
        if strong > 0, tail.count >= 3, tail.allSatisfy({ $0 == UInt8(ascii: "x") }) { return true }
        if tail.count >= (strong > 0 ? 4 : 6), tail.allSatisfy({ $0 == UInt8(ascii: "0") }) { return true }
        return hasOEM && strong > 0 && tail.count == 1 && tail.allSatisfy(isDigit)
    }
}

/// The words of placeholders by their first byte, longer ones first.
private let vocabulary: [UInt8: [(bytes: [UInt8], isStrong: Bool)]] = {
    let strong = """
        serialnumber serial number numb sernum system product baseboard board base chassis chasis mainboard motherboard
        enclosure computer machine device default string specified unspecified applicable available unavailable
        provided present assigned unassigned programmed unprogrammed settable notset unset defined define undefined
        filled fill byoem manufacturer vendor none null unknown unknow invalid empty blank uninitialized uninitialised
        enter insert your here value text placeholder dummy sample example standard test customer please unused used
        asset information info model version eval missing notfound reserved inject changeme initialized initialised
        config type1 type2 type3
        """
    let weak =
        "to be by is the of for this not no na sn ssn bsn csn psn msn mb nb bss sys oem tbd tba nil set name sku num nr id tag bios"
    var words: [UInt8: [(bytes: [UInt8], isStrong: Bool)]] = [:]
    for (list, isStrong) in [(strong, true), (weak, false)] {
        for word in list.utf8.split(whereSeparator: { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }) {
            words[word[word.startIndex], default: []].append((Array(word), isStrong))
        }
    }
    return words.mapValues { $0.sorted { $0.bytes.count > $1.bytes.count } }
}()

/// What vendors are known to leave and no rule recognises, among them UUIDs of firmware kits.
private let known: Set<[UInt8]> = Set(
    [
        "iatpass", "tulipcomputers", "sn123456fvgv3i0b8o5n6n7k", "123456789000", "sernum0", "nosn", "badindex",
        "qwerty", "qwertyuiop",
        "insyde", "phoenix", "vmware", "virtualbox", "qemu", "kvm", "bochs", "xen",
        "deadbeef", "0xdeadbeef", "03000200040005000006000700080009", "00020003000400050006000700080009",
        "6ab5b300538d10149fb5b0684d007b53", "123456781234567890abcdef12345678", "12345678123412341234123456789abc",
        "1234567812345678123456789abcdef0",
    ].map { Array($0.utf8) }
)
