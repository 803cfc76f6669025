import Collectors
import Synchronization

/// A kernel with a WARP interface that counts what it is asked.
final class CountedLinks: LinkSource {
    private let linkQuestions = Atomic(0)
    private let addressQuestions = Atomic(0)

    var counts: [Int] { [linkQuestions.load(ordering: .relaxed), addressQuestions.load(ordering: .relaxed)] }

    func links() -> [Link] {
        linkQuestions.add(1, ordering: .relaxed)
        return [Link(index: 1, name: "CloudflareWARP", hardwareType: 65534)]
    }

    func addresses() -> [LinkAddress] {
        addressQuestions.add(1, ordering: .relaxed)
        return []
    }
}
