internal import Files

extension NSSDatabaseError {
    /// One line for a person: where, what, and what to do about it.
    package var description: String {
        "\(path): \(sentence)"
    }

    private var sentence: String {
        switch code {
        case .directoryAbsent:
            "no such directory"
        case .databaseAbsent:
            "the directory holds no NSS database (neither cert9.db nor key4.db)"
        case .hidden(let reason):
            reason
        case .legacyFormat:
            "legacy dbm database (cert8.db, key3.db), refused; convert it with: "
                + "certutil -d sql:DIRECTORY -N --upgrade-merge --source-dir dbm:DIRECTORY --upgrade-id old"
        case .otherFormat(let format):
            "a database of the format \(format) is refused; name the directory of an sql database (cert9.db and key4.db)"
        case .incomplete:
            "missing, although the other file of the database is there; restore it"
        case .notADirectory:
            "not a directory; the path of an NSS database is the directory that holds cert9.db and key4.db"
        case .notARegularFile:
            "not a regular file, refused"
        case .permissionDenied:
            "permission denied; this process needs to read cert9.db and key4.db and to search their directory"
        case .hiddenFromRealUser:
            "readable by a capability only, which NSS cannot use, for it asks access(2); "
                + "run as a user who may read it, or with SecureBits=no-setuid-fixup"
        case .empty:
            "the file is empty; restore it"
        case .notSQLite:
            "not an SQLite database; restore it"
        case .truncated(let expected, let actual):
            "truncated: \(actual) bytes of \(expected); restore it"
        case .tooLarge(let size):
            "\(size) bytes, more than \(FileState.sizeLimit); refused"
        case .damaged(let words):
            "damaged (SQLite: \(words)); restore a backup, or make the database anew"
        case .foreign(let entry):
            "has \(entry), which NSS does not make; refused, and nothing of the file was evaluated. Restore a backup, or "
                + "make the database anew"
        case .tooManyRows(let count, let table):
            "\(count) rows in \(table), more than are read; refused. Delete what is not needed, or make the database anew"
        case .slowPassword(let iterations):
            "a value in it asks for \(iterations) iterations of a password's hash, or for a key too long; refused. Set the "
                + "password anew with: certutil -W -d sql:DIRECTORY"
        case .beyondBounds:
            "takes more memory or time to read than a database of NSS's does; refused. Make the database anew"
        case .writeAheadLog:
            "in SQLite's WAL mode, in which reading writes, and which NSS does not use; refused. Set it back with: "
                + "sqlite3 FILE 'PRAGMA journal_mode=DELETE'"
        case .journal:
            "a writer crashed and left a journal, which a reader may not roll back; open the database once "
                + "read-write as its owner, for example with: certutil -K -d sql:DIRECTORY"
        case .locked(let process):
            "locked by " + (process > 0 ? "process \(process)" : "another process") + "; gave up waiting"
        case .malformedPath:
            "not a usable path: it is empty or contains a control character"
        case .system(let number):
            "could not look: \(errorText(number))"
        case .refused(let error):
            "NSS does not open it: \(error)"
        }
    }
}
