import Collectors
import PostureModel
import Testing

@Suite("The time since the boot")
struct UptimeTests {
    private func uptime(_ text: String) throws -> Observation<Int64> {
        let files = try TemporaryRoot(["proc/uptime": text])
        let root = try files.root()
        return root.uptime()
    }

    @Test(
        "is the whole seconds of the first number",
        arguments: [
            ("1234567.89 2345678.90\n", 1_234_567), ("0.99 0.00\n", 0), ("42 7", 42),
            ("9999999999.99 1.00", 9_999_999_999),
        ] as [(String, Int64)]
    )
    func seconds(text: String, seconds: Int64) throws {
        #expect(try uptime(text) == .observed(seconds))
    }

    @Test(
        "is unreadable where there is no such number",
        arguments: ["", "\n", "a.1 2", "-1.00 2", "10000000001.00 1", ".5 1", "99999999999999999999.0 1", "1x 2"]
    )
    func nonsense(text: String) throws {
        #expect(try uptime(text) == .unreadable(reason: "/proc/uptime: does not begin with a number of seconds"))
    }

    @Test("is unreadable where the file may not be read")
    func denied() throws {
        let files = try TemporaryRoot(["proc/uptime": "1.00 1.00"])
        let root = try files.root(denying: ["proc/uptime"])
        #expect(root.uptime().value == nil)
    }
}
