/// The boots of which a device has reported.
///
/// The kernel makes a boot id anew at every boot (random(4), `/proc/sys/kernel/random/boot_id`).
package struct BootHistory: Sendable, Equatable, Codable {
    /// The boot ids, the newest last.
    package var ids: [String] = []
    /// When the device came back to an earlier id, in microseconds since the epoch.
    package var returns: [Int64] = []
    /// When it reported an id for the first time, in microseconds since the epoch.
    package var news: [Int64] = []

    /// Creates the history of a device that has not reported.
    package init() {}
}
