internal import GRDB
package import PostureModel

internal import struct Foundation.Data

/// What scorers keep for themselves.
extension SQLiteStore {
    /// All nonce keys, newest first.
    package func nonceKeys() async throws -> [NonceKey] {
        try await pool.read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM nonce_key ORDER BY created_at DESC").map { row in
                NonceKey(
                    id: UInt8(truncatingIfNeeded: row["id"] as Int64),
                    secret: Array(row["secret"] as Data),
                    createdAt: Timestamp(microseconds: row["created_at"])
                )
            }
        }
    }

    /// Adds and deletes in one transaction; a key of the same number stays as it is.
    package func add(_ key: NonceKey, deletingBefore deadline: Timestamp) async throws {
        try await pool.write { database in
            try database.execute(
                sql: "DELETE FROM nonce_key WHERE created_at < ?",
                arguments: [deadline.microseconds]
            )
            try database.execute(
                sql: "INSERT INTO nonce_key (id, secret, created_at) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING",
                arguments: [Int64(key.id), Data(key.secret), key.createdAt.microseconds]
            )
        }
    }

    /// One look-up by primary key.
    package func settingText(_ name: String) async throws -> String? {
        try await pool.read { try Self.settingText(name, $0) }
    }

    static func settingText(_ name: String, _ database: Database) throws -> String? {
        try String.fetchOne(database, sql: "SELECT value FROM setting WHERE name = ?", arguments: [name])
    }
}
