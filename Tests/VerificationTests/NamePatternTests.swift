import PostureModel
import TestSupport
import Testing
import Verification

@Suite("A name pattern")
struct NamePatternTests {
    /// What the tests' machine is.
    private func values(
        serial: Observation<SerialNumber> = .observed(SerialNumber("PF3K9XYZ")),
        hostname: Observation<String> = .observed("laptop-1"),
        warpIDs: [String] = ["f174e90a", "699d835e"]
    ) -> VariableValues {
        var facts = Facts.none
        facts.serials.product = serial
        facts.kernelHostname = hostname
        return VariableValues(facts: facts, warpIDs: warpIDs)
    }

    private func names(_ pattern: String, _ values: VariableValues) throws -> [String] {
        let demand = try NamePatterns(alternativeNames: [NamePattern(pattern)]).resolved(with: values)
        return demand.words.split(separator: "'").enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }

    @Test(
        "stands for the names with the machine's values in it",
        arguments: [
            ("laptop.acme.test", ["laptop.acme.test"]), ("${hostname}", ["laptop-1"]),
            ("${serial_number}.corp.example", ["PF3K9XYZ.corp.example"]),
            ("${hostname}-${serial_number}", ["laptop-1-PF3K9XYZ"]),
            ("urn:uuid:${device_uuid}", ["urn:uuid:f174e90a", "urn:uuid:699d835e"]),
            ("${device_uuid}.${device_uuid}", ["f174e90a.f174e90a", "699d835e.699d835e"]),
            ("${device_uuid}@${hostname}", ["f174e90a@laptop-1", "699d835e@laptop-1"]),
            ("$hostname {x} $", ["$hostname {x} $"]), ("}${hostname}{", ["}laptop-1{"]),
            ("ä${hostname}ö", ["älaptop-1ö"]),
        ]
    )
    func resolution(pattern: String, expected: [String]) throws {
        #expect(try names(pattern, values()) == expected)
        #expect(try NamePattern(pattern).description == pattern)
    }

    @Test("does not take a value for a pattern")
    func notTwice() throws {
        #expect(try names("${hostname}", values(hostname: .observed("${serial_number}"))) == ["${serial_number}"])
    }

    @Test(
        "is refused where it is none, with the reason",
        arguments: [
            ("", "is empty"), ("${", "without a '}'"), ("a${hostname", "without a '}'"), ("${}", "the variable '${}'"),
            ("${serial}", "there are ${serial_number}, ${hostname}, ${device_uuid}"), ("${Hostname}", "'${Hostname}'"),
            ("${ hostname }", "'${ hostname }'"), ("${hostname}${x}", "'${x}'"), ("${${hostname}}", "'${${hostname}'"),
        ]
    )
    func malformed(pattern: String, words: String) {
        let error = #expect(throws: NamePattern.Malformed.self) { try NamePattern(pattern) }
        #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    }

    @Test("has 256 bytes at most")
    func length() throws {
        #expect(try NamePattern(String(repeating: "a", count: 256)).description.count == 256)
        for long in [String(repeating: "a", count: 257), String(repeating: "ä", count: 129)] {
            #expect(throws: NamePattern.Malformed.self) { try NamePattern(long) }
        }
    }

    @Test("stands for nothing where a value is not known, and says why")
    func unknown() throws {
        let cases: [(String, VariableValues, String)] = [
            ("${serial_number}", values(serial: .unreadable(reason: "permission denied")), "permission denied"),
            ("${serial_number}", values(serial: .notApplicable(reason: "no DMI")), "no DMI"),
            ("${serial_number}", values(serial: .observed(SerialNumber("To be filled by O.E.M."))), "junk"),
            ("${hostname}", values(hostname: .unreadable(reason: "EACCES")), "EACCES"),
            ("${hostname}", values(hostname: .notReported), "the report does not have it"),
            ("${serial_number}", values(serial: .notReported), "the report does not have it"),
            ("${device_uuid}", values(warpIDs: []), "warp_ids"),
            ("${hostname}.${device_uuid}", values(warpIDs: []), "${device_uuid}"),
        ]
        for (pattern, values, words) in cases {
            let problem = #expect(throws: CertificateProblem.self) { try names(pattern, values) }
            #expect(problem?.code == .variableUnknown)
            #expect(problem?.reason.contains(words) == true, "\(String(describing: problem))")
            #expect(problem?.reason.contains("'\(pattern)'") == true)
        }
        #expect(
            try names("laptop.acme.test", values(serial: .unreadable(reason: ""), warpIDs: [])) == ["laptop.acme.test"]
        )
    }

    @Test(
        "stands for nothing where the host has a name that many have",
        arguments: ["localhost", "LocalHost", "", "(none)", "debian"]
    )
    func sharedHostnames(name: String) throws {
        let problem = #expect(throws: CertificateProblem.self) {
            try names("${hostname}", values(hostname: .observed(name)))
        }
        #expect(problem?.code == .variableUnknown)
    }
}
