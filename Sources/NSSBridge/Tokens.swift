internal import CNSS

/// The tokens of an open database, and the modules that they come from: released, and unloaded, with the last use.
@NSS
@safe
struct Tokens: ~Copyable {
    /// The database itself first, then the others in the order of `pkcs11.txt`.
    private(set) var all: [Token]
    /// What was not loaded, in sentences.
    private(set) var unseen: [String] = []
    /// What the database may be called in a file of passwords.
    private var databaseNames = TokenPasswords.databaseNames
    private var slots: [OpaquePointer]
    private var modules: [UnsafeMutablePointer<SECMODModule>]

    /// The most modules that are loaded.
    static let moduleLimit = 16

    init() throws(NSSError) {
        guard let pointer = unsafe PK11_GetInternalKeySlot() else { throw NSSError.last("PK11_GetInternalKeySlot") }
        unsafe slots = [pointer]
        unsafe modules = []
        all = unsafe [Token(pointer, isDatabase: true)]
    }

    deinit {
        unsafe slots.forEach { unsafe PK11_FreeSlot($0) }
        unsafe modules.reversed().forEach { module in
            unsafe _ = SECMOD_UnloadUserModule(module)
            unsafe SECMOD_DestroyModule(module)
        }
    }

    var database: Token { all[0] }

    /// Loads what `pkcs11.txt` names, as far as nobody but root could have put it there.
    mutating func loadModules(of files: DatabaseFiles) {
        let modules: [ModuleList.Module]
        do throws(ModuleFile.Failure) {
            let list = try ModuleFile(files.path("pkcs11.txt")).list
            modules = list.modules
            databaseNames += list.databaseNames
        } catch {
            unseen.append(error.sentence)
            return
        }
        for module in modules.prefix(Tokens.moduleLimit) {
            do throws(ModuleFile.Failure) {
                try load(module, namedIn: files)
            } catch {
                // What it would show is nothing that is looked for.
                if module.holdsAuthoritiesOnly { continue }
                unseen.append("the module \(module.library) that pkcs11.txt names was not loaded: \(error.sentence)")
            }
        }
        if modules.count > Tokens.moduleLimit {
            unseen.append("pkcs11.txt names \(modules.count) modules, of which only \(Tokens.moduleLimit) were loaded")
        }
    }

    private mutating func load(
        _ module: ModuleList.Module,
        namedIn files: DatabaseFiles
    ) throws(ModuleFile.Failure) {
        let path = try ModuleFile.trusted(module, namedIn: files)
        PR_SetError(0, 0)
        let loaded = unsafe CNSS_load_module(module.specification(library: path))
        guard let loaded = unsafe loaded, unsafe loaded.pointee.loaded != 0 else {
            let error = NSSError.last("SECMOD_LoadUserModule")
            if let loaded = unsafe loaded { unsafe SECMOD_DestroyModule(loaded) }
            throw ModuleFile.Failure("\(error); repair it, or \(ModuleFile.removal(of: module))")
        }
        unsafe modules.append(loaded)
        for index in unsafe 0..<Int(loaded.pointee.slotCount) {
            guard let slot = unsafe loaded.pointee.slots[index], unsafe PK11_IsPresent(slot) != 0 else { continue }
            unsafe slots.append(PK11_ReferenceSlot(slot))
            all.append(unsafe Token(slot, isDatabase: false))
        }
    }

    /// Logs in to each token that there is a password for.
    mutating func unlock(_ passwords: TokenPasswords?, files: DatabaseFiles) {
        let others = all.dropFirst().map(\.name)
        for index in all.indices {
            let token = all[index]
            let password =
                token.isDatabase
                ? passwords?.ofDatabase(named: [token.name] + databaseNames, beside: others)
                : passwords?.named(token.name)
            // The file as it is now: a password that was wrong may be right for another.
            let identity = token.isDatabase ? files.identity(of: "key4.db") : token.identity
            all[index].unlock(password, identity: identity)
            if let lock = all[index].lock, !token.isDatabase {
                unseen.append("certificates that \(token.phrase) shows only after a password were not seen: \(lock)")
            }
        }
    }
}

extension Token {
    /// Maker, model, serial number and name: the token, wherever it is plugged in.
    fileprivate var identity: [UInt8] {
        guard let info else { return Array(name.utf8) }
        var bytes: [UInt8] = []
        unsafe withUnsafeBytes(of: info.manufacturerID) { unsafe bytes += $0 }
        unsafe withUnsafeBytes(of: info.model) { unsafe bytes += $0 }
        unsafe withUnsafeBytes(of: info.serialNumber) { unsafe bytes += $0 }
        unsafe withUnsafeBytes(of: info.label) { unsafe bytes += $0 }
        return bytes
    }
}
