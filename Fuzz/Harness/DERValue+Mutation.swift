extension DERValue {
    /// Changes one value somewhere in the tree.
    mutating func mutate(using random: inout SeededGenerator) {
        let total = count
        change(random.below(total), donor: value(at: random.below(total)), using: &random)
    }

    private var count: Int {
        children.reduce(1) { $0 + $1.count }
    }

    /// The value with this number, counted in the order of the encoding.
    private func value(at index: Int) -> DERValue {
        guard index > 0 else { return self }
        var index = index - 1
        for child in children {
            let count = child.count
            if index < count { return child.value(at: index) }
            index -= count
        }
        return self
    }

    private mutating func change(_ index: Int, donor: DERValue, using random: inout SeededGenerator) {
        guard index > 0 else {
            changeSelf(donor: donor, using: &random)
            return
        }
        var index = index - 1
        for position in children.indices {
            let count = children[position].count
            guard index >= count else {
                // Removing and doubling are done by the parent.
                if index == 0, random.chance(of: 4) {
                    changeChildren(at: position, donor: donor, using: &random)
                } else {
                    children[position].change(index, donor: donor, using: &random)
                }
                return
            }
            index -= count
        }
    }

    private mutating func changeChildren(at position: Int, donor: DERValue, using random: inout SeededGenerator) {
        switch random.below(4) {
        case 0: children.remove(at: position)
        case 1: children.insert(children[position], at: position)
        case 2: children.insert(donor, at: position)
        default: children.swapAt(position, random.below(children.count))
        }
    }

    private mutating func changeSelf(donor: DERValue, using random: inout SeededGenerator) {
        switch (random.below(8), content) {
        case (0, _): self = donor
        case (1, _): tag = random.chance(of: 2) ? tag ^ (1 << UInt8(random.below(8))) : donor.tag
        case (2, _): content = donor.content
        case (3, .bytes(let bytes)):
            let byte = UInt8(truncatingIfNeeded: random.next())
            content = .bytes(bytes + [UInt8](repeating: byte, count: 1 << random.below(9)))
        case (_, .bytes(let bytes)):
            content = .bytes(mutatedByLibFuzzer(bytes, limit: bytes.count + 16))
        case (3, .values(let values, let prefix)):
            // Many of the same: what is quadratic shows.
            let more = [DERValue](repeating: values.randomElement(using: &random) ?? donor, count: 1 << random.below(5))
            content = .values(values + more, prefix: prefix)
        case (4, .values(_, let prefix)): content = .values([], prefix: prefix)
        case (_, .values(let values, let prefix)):
            content = .values(values.shuffled(using: &random), prefix: prefix)
        }
    }
}
