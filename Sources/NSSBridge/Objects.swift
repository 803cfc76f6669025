internal import CNSS

/// All objects of one class in a token, as NSS lists them.
///
/// `PK11_ListCerts` would be the usual way; it takes a minute for 10,000 certificates of one issuer, this one seconds.
@NSS
@safe
struct Objects: ~Copyable {
    /// The most objects of one class that are read: a few hundred megabytes and some ten seconds at the worst.
    static let limit = 50_000

    private let first: OpaquePointer?

    init(_ objectClass: CK_OBJECT_CLASS, in token: Token, limit: Int = Objects.limit) throws(NSSError) {
        // The same NULL says "none" and "failed"; only an error code tells them apart.
        PR_SetError(0, 0)
        unsafe first = PK11_FindGenericObjects(token.pointer, objectClass)
        if unsafe first == nil, PR_GetError() != 0 { throw NSSError.last("PK11_FindGenericObjects") }
        var count = 0
        var next = unsafe first
        while let object = unsafe next {
            count += 1
            guard count <= limit else {
                throw NSSError(
                    .limitExceeded,
                    call: "PK11_FindGenericObjects",
                    text: "\(token.phrase) holds more than \(limit) objects of one kind; refused"
                )
            }
            unsafe next = PK11_GetNextGenericObject(object)
        }
    }

    deinit {
        if let first = unsafe first { unsafe _ = PK11_DestroyGenericObjects(first) }
    }

    /// Calls `body` with the row of each object, and the values of these attributes in this order; a missing one is empty.
    ///
    /// `unreadable` is called instead for an object that NSS does not give; unless told otherwise it throws.
    borrowing func forEach(
        _ types: [CK_ATTRIBUTE_TYPE],
        unreadable: (Name, NSSError) throws(NSSError) -> Void = { _, error throws(NSSError) in throw error },
        _ body: (Name, [[UInt8]]) throws(NSSError) -> Void
    ) throws(NSSError) {
        var next = unsafe first
        while let object = unsafe next {
            // Signatures are checked with hashes of a password: the time for one is bounded, and so is it for all.
            guard !SQLiteGuard.isSpent else { throw NSSError.tookTooLong }
            let values: [[UInt8]]?
            do throws(NSSError) {
                values = try unsafe Objects.values(of: types, object)
            } catch {
                guard !SQLiteGuard.isSpent else { throw NSSError.tookTooLong }
                values = nil
                try unreadable(unsafe Name(object), error)
            }
            if let values { try body(unsafe Name(object), values) }
            unsafe next = PK11_GetNextGenericObject(object)
        }
    }

    /// What an object is called, as long as it is being looked at.
    @NSS
    @safe
    struct Name {
        private let object: OpaquePointer

        fileprivate init(_ object: OpaquePointer) { unsafe self.object = object }

        /// The row of `nssPublic` or `nssPrivate`, where the object is the database's: its handle without the bits that
        /// softoken adds.
        var row: UInt {
            unsafe UInt(PK11_GetObjectHandle(PK11_TypeGeneric, UnsafeMutableRawPointer(object), nil) & 0x3FFF_FFFF)
        }

        /// Its label, where that can be read.
        var label: [UInt8]? {
            guard let value = try? unsafe Objects.values(of: [CK_ATTRIBUTE_TYPE(CKA_LABEL)], object) else { return nil }
            return value[0].isEmpty ? nil : value[0]
        }
    }

    /// Reads all attributes in one go: one by one would take several times as long.
    private static func values(
        of types: [CK_ATTRIBUTE_TYPE],
        _ object: OpaquePointer
    ) throws(NSSError) -> [[UInt8]] {
        guard let arena = unsafe PORT_NewArena(2048) else { throw NSSError.last("PORT_NewArena") }
        defer { unsafe PORT_FreeArena(arena, 0) }
        var template = unsafe types.map { unsafe CK_ATTRIBUTE(type: $0, pValue: nil, ulValueLen: 0) }
        let status = unsafe PK11_ReadRawAttributes(
            arena,
            PK11_TypeGeneric,
            UnsafeMutableRawPointer(object),
            &template,
            UInt32(template.count)
        )
        guard status == SECSuccess else { throw NSSError.last("PK11_ReadRawAttributes") }
        return unsafe template.map { attribute in
            // A length of -1 is PKCS #11's "no such attribute".
            guard let start = unsafe attribute.pValue, unsafe attribute.ulValueLen != CK_ULONG.max else { return [] }
            return unsafe Array(UnsafeRawBufferPointer(start: start, count: Int(attribute.ulValueLen)))
        }
    }
}

extension NSSError {
    /// What is asked of a database takes longer than a good one does.
    static let tookTooLong = NSSError(
        .limitExceeded,
        call: "PK11_ReadRawAttributes",
        text: "reading the database takes longer than \(SQLiteGuard.Budget.use.time.components.seconds)s of CPU time; "
            + "refused"
    )
}
