internal import CLibFuzzer
import Glibc

/// The target that the argument `--target=NAME` chose.
///
/// libFuzzer passes over what starts with two dashes, and gives it to the processes that it starts itself.
private let target: Target = {
    let prefix = "--target="
    let name = CommandLine.arguments.first { $0.hasPrefix(prefix) }?.dropFirst(prefix.count) ?? ""
    guard let target = Target(rawValue: String(name)) else {
        let names = Target.allCases.map(\.rawValue).joined(separator: ", ")
        fatalError("say which target: --target=NAME, with one of \(names)")
    }
    return target
}()

/// Runs libFuzzer over one target: `Fuzz --target=NAME`, and libFuzzer's own options and folders.
@main
enum Fuzz {
    static func main() {
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = unsafe CommandLine.unsafeArgv
        exit(unsafe LLVMFuzzerRunDriver(&count, &arguments, testOneInput))
    }
}

/// Called by libFuzzer with each input.
@c(LLVMFuzzerTestOneInput)
package func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    target.run(unsafe [UInt8](UnsafeBufferPointer(start: start, count: count)))
    return 0
}

/// Called by libFuzzer for a new input: changes the `count` bytes at `start` in place.
///
/// Its own mutations of single bytes break the lengths that DER is made of, and nothing behind them is reached: most of
/// the time values are changed instead, and the lengths put right.
@c(LLVMFuzzerCustomMutator)
package func mutate(_ start: UnsafeMutablePointer<UInt8>, _ count: Int, _ capacity: Int, _ seed: UInt32) -> Int {
    var random = SeededGenerator(seed: seed)
    let bytes = unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
    guard let changed = target.shape.mutated(bytes, using: &random), changed.count <= capacity else {
        return unsafe LLVMFuzzerMutate(start, count, capacity)
    }
    _ = unsafe UnsafeMutableBufferPointer(start: start, count: capacity).update(fromContentsOf: changed)
    return changed.count
}

/// Changes bytes as libFuzzer does, to at most so many.
func mutatedByLibFuzzer(_ bytes: [UInt8], limit: Int) -> [UInt8] {
    var buffer = bytes + [UInt8](repeating: 0, count: max(1, limit - bytes.count))
    let count = unsafe LLVMFuzzerMutate(&buffer, bytes.count, buffer.count)
    return Array(buffer.prefix(count))
}
