internal import GRDB
internal import PostureModel
package import ScorerModel

internal import struct Foundation.Data

/// The lists of revoked certificates.
extension SQLiteStore {
    /// All of them, in one read.
    package func crls() async throws -> [StoredCRL] {
        try await pool.read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM revocation_list ORDER BY issuer_key")
                .compactMap(IdentityRows.crl)
        }
    }

    /// One transaction, which compares and reads.
    package func keep(_ crl: StoredCRL) async throws -> StoredCRL {
        try await pool.write { database in
            try database.execute(
                sql: """
                    INSERT INTO revocation_list (issuer_key, this_update, der) VALUES (?, ?, ?)
                    ON CONFLICT (issuer_key) DO UPDATE SET this_update = excluded.this_update, der = excluded.der
                    WHERE excluded.this_update > revocation_list.this_update
                    """,
                arguments: [crl.issuerKey, crl.thisUpdate.microseconds, Data(crl.der)]
            )
            return try Row.fetchOne(
                database,
                sql: "SELECT * FROM revocation_list WHERE issuer_key = ?",
                arguments: [crl.issuerKey]
            ).flatMap(IdentityRows.crl) ?? crl
        }
    }
}
