import PostureModel
import Testing

@Suite("An observation")
struct ObservationTests {
    @Test("has one key on the wire")
    func forms() throws {
        let forms: [(Observation<String>, String)] = [
            (.observed("x"), #"{"observed":"x"}"#),
            (.notApplicable(reason: "no DMI"), #"{"not_applicable":"no DMI"}"#),
            (.unreadable(reason: "a/b \"c\""), #"{"unreadable":"a/b \"c\""}"#),
            (.observed(""), #"{"observed":""}"#),
        ]
        for (observation, text) in forms {
            #expect(String(decoding: try Wire.encode(observation), as: UTF8.self) == text)
            #expect(try Wire.decode(Observation<String>.self, from: Array(text.utf8)) == observation)
        }
    }

    @Test("has a value only where something was observed")
    func value() {
        #expect(Observation.observed(1).value == 1)
        #expect(Observation<Int>.notApplicable(reason: "").value == nil)
        #expect(Observation<Int>.unreadable(reason: "").value == nil)
        #expect(Observation<Int>.notReported.value == nil)
    }

    @Test(
        "is refused with no key, two keys, or another",
        arguments: ["{}", #"{"observed":1,"unreadable":""}"#, #"{"a":1}"#, "1"]
    )
    func refused(text: String) {
        #expect(throws: WireError.self) { try Wire.decode(Observation<Int>.self, from: Array(text.utf8)) }
    }

    @Test("that was not reported has no form")
    func notReported() {
        #expect(throws: WireError.self) { try Wire.encode(Observation<Int>.notReported) }
    }

    @Test("of nothing is refused where something was to be observed")
    func null() {
        #expect(throws: WireError.self) {
            try Wire.decode(Observation<Int>.self, from: Array(#"{"observed":null}"#.utf8))
        }
    }
}
