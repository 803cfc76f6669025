internal import CLinuxShims

/// The C library's words for an errno, such as `Permission denied`; never translated.
package func errorText(_ number: CInt) -> String {
    guard let text = unsafe CLinuxShims_error_description(number) else { return "Unknown error \(number)" }
    return unsafe String(cString: text)
}
