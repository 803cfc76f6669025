internal import COpenSSL
internal import Glibc
internal import PostureModel

/// The octets of a string; nil for none.
func bytes(of string: UnsafePointer<ASN1_STRING>?) -> [UInt8]? {
    guard let string = unsafe string else { return nil }
    return unsafe Array(
        UnsafeBufferPointer(start: ASN1_STRING_get0_data(string), count: Int(ASN1_STRING_length(string)))
    )
}

/// An object identifier in dotted form.
func dotted(_ object: OpaquePointer?) -> String {
    var text = [CChar](repeating: 0, count: 256)
    let length = unsafe OBJ_obj2txt(&text, CInt(text.count), object, 1)
    return String(decoding: text.prefix(max(0, min(Int(length), 255))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// A name in the form of RFC 2253, UTF-8.
func nameText(_ name: OpaquePointer?) -> String {
    guard let name = unsafe name, let memory = unsafe BIO_new(BIO_s_mem()) else { return "" }
    defer { unsafe BIO_free(memory) }
    unsafe X509_NAME_print_ex(memory, name, 0, COpenSSL_name_form())
    return String(unsafe readAll(memory).escapingHidden().prefix(512))
}

/// A moment; nil where it is not one.
func moment(_ time: UnsafePointer<ASN1_TIME>?) -> Timestamp? {
    var parts = unsafe tm()
    guard let time = unsafe time, unsafe ASN1_TIME_to_tm(time, &parts) == 1 else { return nil }
    return Timestamp(seconds: Int64(unsafe timegm(&parts)))
}

/// A number in decimal; negative with a minus sign.
func decimal(_ integer: UnsafePointer<ASN1_INTEGER>?) -> String {
    guard let number = unsafe ASN1_INTEGER_to_BN(integer, nil) else { return "" }
    defer { unsafe BN_free(number) }
    guard let text = unsafe BN_bn2dec(number) else { return "" }
    defer { unsafe COpenSSL_free(text) }
    return unsafe String(cString: text)
}

/// A number in lower-case hexadecimal, without leading zeros; negative with a minus sign.
func hexadecimal(_ integer: UnsafePointer<ASN1_INTEGER>?) -> String {
    guard let number = unsafe ASN1_INTEGER_to_BN(integer, nil) else { return "" }
    defer { unsafe BN_free(number) }
    guard let text = unsafe BN_bn2hex(number) else { return "" }
    defer { unsafe COpenSSL_free(text) }
    let digits = unsafe String(cString: text).lowercased()
    let significant = digits.drop { $0 == "0" || $0 == "-" }
    return (digits.hasPrefix("-") ? "-" : "") + (significant.isEmpty ? "0" : significant)
}
