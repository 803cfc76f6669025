internal import GRDB
package import PostureModel
package import ScorerModel

/// Seconds for which an outage is remembered: no report counts for longer.
private let outageMemory: Int64 = 366 * 86_400

/// When no scorer received.
extension SQLiteStore {
    /// One transaction, so that of two scorers on one database neither was away while the other was not.
    package func beat(at now: Timestamp, tolerance: Int64) async throws -> [Outage] {
        try await pool.write { database in
            let last = try Self.settingText("beat", database).flatMap(Int64.init).map(Timestamp.init(microseconds:))
            if let last, now.seconds(since: last) > tolerance {
                try database.execute(
                    sql:
                        "INSERT INTO outage (began, ended) VALUES (?, ?) ON CONFLICT (began) DO UPDATE SET ended = excluded.ended",
                    arguments: [last.microseconds, now.microseconds]
                )
            }
            _ = try ChangeWriter(database: database).set("beat", "\(now.microseconds)")
            try database.execute(
                // One that ends in the future was written by a clock that was wrong.
                sql: "DELETE FROM outage WHERE ended < ? OR ended > ?",
                arguments: [
                    now.adding(seconds: -outageMemory).microseconds, now.adding(seconds: 300).microseconds,
                ]
            )
            return try Self.outages(database)
        }
    }

    /// One look-up by primary key.
    package func lastBeat() async throws -> Timestamp? {
        try await settingText("beat").flatMap(Int64.init).map(Timestamp.init(microseconds:))
    }

    /// One walk through a short table.
    package func outages() async throws -> [Outage] {
        try await pool.read { try Self.outages($0) }
    }

    private static func outages(_ database: Database) throws -> [Outage] {
        let query = "SELECT began, ended FROM outage ORDER BY began DESC LIMIT 1000"
        return try Row.fetchAll(database, sql: query).map {
            Outage(began: Timestamp(microseconds: $0["began"]), ended: Timestamp(microseconds: $0["ended"]))
        }
    }
}
