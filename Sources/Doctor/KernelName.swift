internal import Glibc

/// What uname(2) says.
struct KernelName {
    /// The kernel's release, as `uname -r` prints it.
    let release: String
    /// The machine's architecture.
    let machine: String
    /// The host's name.
    let node: String

    init() {
        var name = utsname()
        unsafe uname(&name)
        release = Self.text(of: name.release)
        machine = Self.text(of: name.machine)
        node = Self.text(of: name.nodename)
    }

    /// The text of one of its arrays, which is a tuple in Swift.
    private static func text<Characters>(of characters: Characters) -> String {
        unsafe withUnsafeBytes(of: characters) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
