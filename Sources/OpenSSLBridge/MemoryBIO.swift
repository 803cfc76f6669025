internal import COpenSSL

/// Lends bytes to OpenSSL, as a BIO that `body` reads from.
///
/// BIO_new_mem_buf(3) does not copy: the bytes have to be there for as long as the BIO, and an array that is only passed
/// to a call is sure to be there for that call alone.
func withReader<Value>(
    of bytes: [UInt8],
    _ body: (OpaquePointer) throws(OpenSSLError) -> Value
) throws(OpenSSLError) -> Value {
    // The NUL is not read: an empty array would have no address.
    let bytes = bytes + [0]
    return unsafe try bytes.withUnsafeBufferPointer { buffer throws(OpenSSLError) in
        guard let memory = unsafe BIO_new_mem_buf(buffer.baseAddress, CInt(buffer.count - 1)) else {
            throw .current("BIO_new_mem_buf")
        }
        defer { unsafe BIO_free(memory) }
        return unsafe try body(memory)
    }
}

/// All that a memory BIO holds, as text.
func readAll(_ memory: OpaquePointer) -> String {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while case let count = unsafe BIO_read(memory, &buffer, CInt(buffer.count)), count > 0 {
        bytes += buffer.prefix(Int(count))
    }
    return String(decoding: bytes, as: UTF8.self)
}
