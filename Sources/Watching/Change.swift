/// What changed on the machine.
package enum Change: Sendable, Hashable {
    /// A link appeared, went, or changed its name, its address or whether it is up; or an address appeared or went.
    ///
    /// The loopback does not count.
    case network
    /// The host name, as gethostname(2) gives it.
    case hostname
    /// The file or directory of this path, something in the directory, or a directory above.
    case file(path: String)
    /// The wall clock was set, or the machine woke from a suspend.
    case clock
}
