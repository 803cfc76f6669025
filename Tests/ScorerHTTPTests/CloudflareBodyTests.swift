import PostureModel
import ScorerTestSupport
import Testing

@testable import DeviceIdentity
@testable import ScorerHTTP

@Suite("What Cloudflare sends")
struct CloudflareBodyTests {
    func ids(_ text: String) throws -> [String] {
        try CloudflareBody(parsing: Array(text.utf8)).devices.map(\.deviceID)
    }

    static let long = String(repeating: "a", count: 1024)
    static let forms: [(String, [String])] = [
        ("", []), ("{}", []), (#"{"devices":[]}"#, []), (#"{"devices":null}"#, []), (#"{"Devices":null}"#, []),
        (#"{"other":[{"device_id":"a"}]}"#, []), (#"{"devices":{}}"#, []), (#"{"devices":{"devices":null}}"#, []),
        (#"{"devices":[{"device_id":"a"}]}"#, ["a"]), (#"{"Devices":[{"device_id":"a"}]}"#, ["a"]),
        (#"{"devices":{"devices":[{"device_id":"a"}]}}"#, ["a"]),
        (#"{"devices":{"Devices":[{"device_id":"a"}]}}"#, ["a"]),
        (#"{"devices":[{"device_id":"a"}],"Devices":[{"device_id":"b"}]}"#, ["a"]),
        (#"{"devices":[{"device_id":"a"},{"device_id":"b"}]}"#, ["a", "b"]),
        (#"{"devices":[{"device_id":"a","hostname":"x"},{"device_id":"b"},{"device_id":"a"}]}"#, ["a", "b", "a"]),
        ("null", []), ("[]", []), (" \r\n\t", []), (#"[{"device_id":"a"},{"device_id":"b"}]"#, ["a", "b"]),
        (#"{"device_id":"a"}"#, ["a"]), (#"{"devices":{"device_id":"a"}}"#, ["a"]),
        (#"{"devices":{"0":{"device_id":"a"},"1":{"device_id":"b"},"length":2}}"#, ["a", "b"]),
        (#"{"success":true,"devices":[{"device_id":"a"}],"more":{"devices":[{"device_id":"b"}]}}"#, ["a"]),
        (#"{"devices":[1,null,"x",[],{},true,{"device_id":"a"}]}"#, ["a"]),
        (#"{"devices":[{"device_id":""},{"device_id":null},{"device_id":5.5},{"serial_number":"PF0FAKE1"}]}"#, []),
        (#"{"devices":[{"device_id":5},{"device_id":-9223372036854775808}]}"#, ["5", "-9223372036854775808"]),
        (#"{"devices":[{"device_id":["a"]},{"device_id":{"a":1}},{"device_id":true}]}"#, []),
        (#"{"devices":[{"device_id":"\#(long)"}]}"#, [long]), (#"{"devices":[{"device_id":"\#(long)a"}]}"#, []),
        (" \n{\"devices\" : [ {\"device_id\" : \"a\"} ] }\r\n", ["a"]),
        (#"{"devices":[{"device_id":"\u0061\n\"\\\u00e9"}]}"#, ["a\n\"\\é"]),
        ("\u{feff}{\"devices\":[{\"device_id\":\"a\"}]}", ["a"]),
    ]

    @Test("is understood in every form that it may have", arguments: forms)
    func isUnderstood(text: String, expected: [String]) throws {
        #expect(try ids(text) == expected)
    }

    @Test("has fields that may be blank, missing, of another type or too long")
    func fields() throws {
        let text = """
            {"devices": [
                {"device_id": "a", "serial_number": "S", "mac_address": "M", "hostname": "H", "email": "a@acme.test",
                 "virtual_ipv4": "100.96.0.1"},
                {"device_id": "b", "serial_number": "", "mac_address": null},
                {"device_id": "c", "serial_number": 17, "mac_address": ["M"], "hostname": {"H": 1}},
                {"device_id": "d", "serial_number": "\(String(repeating: "s", count: 257))",
                 "mac_address": "\(String(repeating: "m", count: 129))", "hostname": "\(String(repeating: "h", count: 256))"}
            ]}
            """
        #expect(
            try CloudflareBody(parsing: Array(text.utf8)).devices == [
                PostureRow(
                    deviceID: "a",
                    serialNumber: "S",
                    macAddress: "M",
                    hostname: "H",
                    email: "a@acme.test",
                    virtualIPv4: "100.96.0.1"
                ),
                PostureRow(deviceID: "b"), PostureRow(deviceID: "c", serialNumber: "17"), PostureRow(deviceID: "d"),
            ]
        )
    }

    @Test("may be a thousand devices, and not one more")
    func limit() throws {
        func body(_ count: Int) -> String {
            #"{"devices":[\#((0..<count).map { #"{"device_id":"d\#($0)"}"# }.joined(separator: ","))]}"#
        }
        #expect(try ids(body(1)).count == 1)
        #expect(try ids(body(1000)).count == 1000)
        let problem = #expect(throws: Problem.self) { try ids(body(1001)) }
        #expect(problem?.isOf(.tooManyDevices) == true)
    }

    @Test("is bounded however large it is where nothing is read")
    func large() throws {
        let million = String(repeating: "[1,{}],", count: 100_000) + "0"
        #expect(try ids(#"{"x":[\#(million)],"devices":[{"device_id":"a","x":[\#(million)]}]}"#) == ["a"])
        let names = (0..<20_000).map { #""n\#($0)":{}"# }.joined(separator: ",")
        #expect(try ids(#"{\#(names),"devices":[{\#(names),"device_id":"a"}]}"#) == ["a"])
        let problem = #expect(throws: Problem.self) { try ids("[\(million)]") }
        #expect(problem?.isOf(.tooManyDevices) == true)
    }

    static let shapes: [(String, String)] = [
        ("", "nothing"), ("{}", "{}"), ("null", "null"), (#"{"devices":null}"#, "{devices: null}"),
        (
            #"{"devices":[{"device_id":"secret","mac_address":"","hostname":null},{"device_id":7}]}"#,
            "{devices: [{device_id: number} | {device_id: string, hostname: null, mac_address: empty string}]}"
        ),
        (#"{"PF0FAKE1":"secret","virtual_ipv4":true,"x":[1]}"#, "{virtual_ipv4: boolean, x: something, …: string}"),
    ]

    @Test("has a shape for the log that tells nothing of what is in it", arguments: shapes)
    func shape(text: String, expected: String) throws {
        #expect(try CloudflareBody(parsing: Array(text.utf8)).shape == expected)
    }

    static let unreadable: [String] = [
        "x", "true", "7", #""devices""#, "{", "}", #"{"devices""#, #"{"devices":}"#, #"{"devices":[}"#,
        #"{"devices":[{"device_id":"a"}]"#, #"{"devices":[{"device_id":"a"}]}}"#, "{'devices':[]}", "{devices:[]}",
        #"{"devices":7}"#, #"{"devices":"a"}"#,
        #"{"devices":true}"#, "// no\n{}", "{}\0", "\0", "\0\0\0\0", #"{"devices":{[]}}"#, #"{"devices": { [ ] }}"#,
        #"{"devices":{"devices":{"devices":[]}}}"#, #"{"devices":{"devices":7}}"#,
        #"{"devices":{"a":{"serial_number":"b"}}}"#,
        String(repeating: "[", count: 10_000), String(repeating: #"{"devices":"#, count: 10_000),
        String(repeating: #"{"devices":"#, count: 10_000) + "[]" + String(repeating: "}", count: 10_000),
        #"{"devices":"# + String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000) + "}",
        #"{"devices":[\#(String(repeating: #"{"a":"#, count: 10_000))"#, "<devices/>", #"{"devices":[NaN]}"#,
        #"{"devices":[.5]}"#, #"{"devices":[0x1]}"#,
    ]

    @Test("is malformed where it is no JSON, and nothing worse", arguments: unreadable.indices)
    func isMalformed(index: Int) {
        let problem = #expect(throws: Problem.self) { try ids(Self.unreadable[index]) }
        #expect(problem?.isOf(.malformed) == true)
    }

    /// Strings that are none, and values that JSON does not have.
    static let broken: [[UInt8]] = [
        [0x22, 0xff, 0x22], [0x22, 0xc0, 0xaf, 0x22], [0x22, 0xed, 0xa0, 0x80, 0x22],
        [0x22, 0xf5, 0x80, 0x80, 0x80, 0x22],
        [0x22, 0xe2, 0x82, 0x22], Array(#""\ud800""#.utf8), Array(#""\udc00\ud800""#.utf8), Array(#""\x41""#.utf8),
        Array("\"a\nb\"".utf8), Array("\"\u{1}\"".utf8), Array("0123".utf8), Array("-".utf8), Array("1e".utf8),
    ]

    @Test(
        "is malformed where a value is none, or has that one field blank, and nothing worse",
        arguments: broken.indices
    )
    func brokenValues(index: Int) {
        let value = Self.broken[index]
        func devices(_ before: String, _ after: String) -> [PostureRow]? {
            try? CloudflareBody(parsing: Array(before.utf8) + value + Array(after.utf8)).devices
        }
        let one = PostureRow(deviceID: "a")
        let inID = devices(#"{"devices":[{"device_id":"a"},{"device_id":"#, "}]}")
        #expect(inID == nil || inID == [one])
        let inField = devices(#"{"devices":[{"device_id":"a","serial_number":"#, "}]}")
        #expect(inField == nil || inField == [one])
        let inEntry = devices(#"{"devices":[{"device_id":"a"},"#, "]}")
        #expect(inEntry == nil || inEntry == [one])
    }

    @Test(
        "may have numbers that nobody can hold, where nobody reads them",
        arguments: [
            "1e400", "-1e400", String(repeating: "9", count: 5000), "0." + String(repeating: "0", count: 5000) + "1",
        ]
    )
    func hugeNumbers(number: String) throws {
        #expect(try ids(#"{"devices":[{"device_id":"a","email":\#(number)}],"next":\#(number)}"#) == ["a"])
        #expect(try ids(#"{"devices":[{"device_id":\#(number)},\#(number),{"device_id":"a"}]}"#).last == "a")
    }
}
