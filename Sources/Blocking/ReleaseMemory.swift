internal import CLinuxShims

/// Gives back to the kernel the memory that this process does not need until it works again.
///
/// Free heap, and the clean pages of the program and its libraries: what a report touches once in five minutes need not
/// stay mapped in between. What is used again comes from the page cache.
///
/// - SeeAlso: <https://man7.org/linux/man-pages/man2/madvise.2.html>
package func releaseMemory() { CLinuxShims_rest() }
