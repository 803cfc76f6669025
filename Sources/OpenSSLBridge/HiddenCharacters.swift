internal import PostureModel

extension String {
    /// The scalars of the text, with those that steer a terminal or cannot be seen written as RFC 4514 §2.4 writes
    /// them: each byte of their UTF-8 as a backslash and two hexadecimal digits.
    ///
    /// OpenSSL escapes what ASCII has of them; C1 controls, directions and invisible characters pass it.
    func escapingHidden() -> UnicodeScalarView {
        var shown = UnicodeScalarView()
        for scalar in unicodeScalars {
            guard scalar.isHidden else {
                shown.append(scalar)
                continue
            }
            for byte in String(scalar).utf8 {
                shown += "\\\(byte < 16 ? "0" : "")\(String(byte, radix: 16, uppercase: true))".unicodeScalars
            }
        }
        return shown
    }
}
