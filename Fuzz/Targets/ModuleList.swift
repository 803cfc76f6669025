@testable internal import NSSBridge

/// The text of `pkcs11.txt`, which whoever may write the database's directory may write.
///
/// What holds: it is refused, or every module that it names has a library, and nothing that is handed to NSS ends a line.
func fuzzModuleList(_ bytes: [UInt8]) {
    guard let list = try? ModuleList(parsing: bytes.span) else { return }
    for module in list.modules {
        hold(!module.library.isEmpty, "a module has a library")
        let specification = module.specification(library: module.library)
        hold(specification.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f }, "a specification has no control characters")
        let line = specification.prefix { $0 != " " } + "\n\n"
        if module.isPath, !module.library.contains(" ") {
            let again = try? ModuleList(parsing: Array(line.utf8).span)
            hold(again?.modules.first?.library == module.library, "a library is the same when it is written and read")
        }
    }
}
