internal import GRDB
package import PostureModel
package import ScorerModel

/// The devices as a whole.
extension SQLiteStore {
    /// One walk through an index that has nothing but times: no report is read.
    package func fleet(at now: Timestamp) async throws -> Fleet {
        let (hour, day) = (now.adding(seconds: -3600).microseconds, now.adding(seconds: -86_400).microseconds)
        return try await pool.read { database in
            var fleet = Fleet()
            guard let row = try Row.fetchOne(database, sql: Self.fleetQuery, arguments: ["hour": hour, "day": day])
            else {
                return fleet
            }
            (fleet.withinHour, fleet.withinDay) = (row["within_hour"], row["within_day"])
            (fleet.earlier, fleet.never) = (row["earlier"], row["never"])
            fleet.newest = (row["newest"] as Int64?).map(Timestamp.init(microseconds:))
            return fleet
        }
    }

    static let fleetQuery = """
        SELECT (SELECT COUNT(*) FROM device WHERE received_at > :hour) AS within_hour,
            (SELECT COUNT(*) FROM device WHERE received_at > :day AND received_at <= :hour) AS within_day,
            (SELECT COUNT(*) FROM device WHERE received_at <= :day) AS earlier,
            (SELECT COUNT(*) FROM device WHERE received_at IS NULL) AS never,
            (SELECT MAX(received_at) FROM device) AS newest
        """
}
