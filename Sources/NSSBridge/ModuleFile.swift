internal import Files
internal import Glibc

/// `pkcs11.txt`, read; and whether a module that it names may run in this process.
struct ModuleFile {
    /// Why modules are not loaded, in a sentence without its beginning.
    struct Failure: Error, Equatable {
        let sentence: String

        init(_ sentence: String) {
            self.sentence = sentence
        }
    }

    /// What the file says; nothing where there is no such file.
    let list: ModuleList

    init(_ path: String) throws(Failure) {
        let bytes = try ModuleFile.bytes(of: path)
        do throws(ModuleList.Flaw) {
            list = try ModuleList(parsing: bytes.span)
        } catch {
            switch error {
            case .tooLong:
                throw Failure("\(path) has more than \(ModuleList.sizeLimit) bytes; no module that it names was loaded")
            case .malformed(let line):
                throw Failure("\(path) is not understood in line \(line); no module that it names was loaded")
            }
        }
    }

    private static func bytes(of path: String) throws(Failure) -> [UInt8] {
        do throws(FileError) {
            return try RegularFile(path, followingLinks: true).read(limit: ModuleList.sizeLimit)
        } catch {
            switch error.code {
            case .system(ENOENT): return []
            // The list says so.
            case .tooLong: return [UInt8](repeating: 0, count: ModuleList.sizeLimit + 1)
            case .notRegular: throw Failure("\(path) is not a regular file; modules that it may name were not loaded")
            default: throw Failure("\(error); modules that it may name were not loaded")
            }
        }
    }

    /// The resolved path of a module's library, if nobody but root could have put it there or had it named.
    ///
    /// A module is code in this process. The database's directory, `pkcs11.txt`, the library and every directory and
    /// link on the way to them have to be root's, writable by nobody else. What is root's alone does not change
    /// between the look and the load.
    @NSS
    static func trusted(_ module: ModuleList.Module, namedIn files: DatabaseFiles) throws(Failure) -> String {
        guard module.isPath else {
            throw Failure(
                "it is not an absolute path, and what the loader would find instead is not known; "
                    + "write the absolute path in pkcs11.txt"
            )
        }
        let way = try [walk(to: files.path("pkcs11.txt"), module), walk(to: module.library, module)]
        if let writer = way.lazy.compactMap({ $0.untrustedWriter() }).first {
            throw Failure(
                "others than root may change what it is: \(writer); chown it to root and chmod go-w, or "
                    + removal(of: module)
            )
        }
        guard way[1].end.isRegular else { throw Failure("it is not a regular file; \(removal(of: module))") }
        return way[1].end.path
    }

    private static func walk(to path: String, _ module: ModuleList.Module) throws(Failure) -> PathWalk {
        do throws(PathError) {
            return try PathWalk(to: path)
        } catch {
            throw Failure("\(error); repair it, or \(removal(of: module))")
        }
    }

    static func removal(of module: ModuleList.Module) -> String {
        "remove it (modutil -delete '\(module.name)' -dbdir sql:DIRECTORY)"
    }
}
