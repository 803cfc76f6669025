/// The device has retired: it gave up its keys and identifiers, and nothing is reported any more.
package struct DeviceRetired: Error, Sendable, Equatable, CustomStringConvertible {
    /// Creates the error.
    package init() {}

    /// A sentence that says what to do.
    package var description: String {
        "this device has retired and reports no more; to enrol this machine anew as another device, remove the file "
            + "'retired' beside the device's key"
    }
}
