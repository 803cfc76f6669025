import Glibc

/// A file descriptor that is closed with its last reference.
final class Descriptor: Sendable {
    let number: CInt

    /// Takes what a shim returned: a descriptor, or a negative errno.
    init(owning result: CInt, of what: String) throws(Unwatched) {
        guard result >= 0 else { throw Unwatched(what: what, code: -result) }
        number = result
    }

    deinit {
        close(number)
    }

    /// Reads once into `buffer`, and returns the number of bytes: 0 or less where there is nothing.
    func read(into buffer: inout [UInt8]) -> Int {
        unsafe Glibc.read(number, &buffer, buffer.count)
    }
}
