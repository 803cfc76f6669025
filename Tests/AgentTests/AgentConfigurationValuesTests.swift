import Agent
import ConfigurationFile
import TestSupport
import Testing

extension AgentConfigurationTests {
    @Test("takes intervals of ten seconds to a day")
    func interval() throws {
        for (good, seconds) in [("10s", 10), ("1d", 86_400), ("5m", 300)] {
            #expect(try read("interval = \"\(good)\"").interval == seconds)
        }
        for bad in ["9s", "0s", "86401s", "2d"] {
            #expect(try complaint("interval = \"\(bad)\"") == "interval: is 10s to 1d")
        }
        for bad in ["60", "'60'", "1.5", "'5min'", "'-1s'", "true"] {
            #expect(try complaint("interval = \(bad)").hasPrefix("'interval': is a number with a unit"), "\(bad)")
        }
    }

    @Test("refuses more WARP ids than there can be, and empty or endless ones")
    func warpIDs() throws {
        let long = String(repeating: "a", count: 129)
        for bad in [Array(repeating: "a", count: 9), [""], [long]] {
            #expect(try complaint("warp_ids = \(bad)").hasPrefix("warp_ids: "))
        }
    }

    @Test("names the file of CAs that is missing or holds none", arguments: ["trusted", "intermediates"])
    func caFiles(key: String) throws {
        for (name, text) in [("none.pem", nil), ("empty.pem", ""), ("key.pem", root.keyPEM)] as [(String, String?)] {
            if let text { try directory.write(text.utf8, to: name) }
            let value = key == "trusted" ? "" : "trusted = [\"\(root.certificatePath)\"]\n"
            let error = try #require(throws: ConfigurationError.self) {
                try read("[[check]]\nid = \"corp\"\n\(value)\(key) = [\"\(directory.file(name))\"]")
            }
            let sentence = text == nil ? "No such file or directory" : "holds no certificate in PEM"
            #expect("\(error)".hasPrefix("\(directory.file(name)): \(sentence)"))
        }
    }

    @Test(
        "refuses an id that cannot stand in a header, and the device's own role",
        arguments: ["device", "new-device-key", "", "a b", "ä"]
    )
    func checkID(id: String) throws {
        let complaint = try complaint("[[check]]\nid = \"\(id)\"\ntrusted = [\"\(root.certificatePath)\"]")
        #expect(complaint.hasPrefix("check.id: '\(id)' is not"))
    }

    @Test("refuses the same id twice")
    func duplicateID() throws {
        #expect(try complaint(check("") + check("")) == "check.id: duplicate id 'corp'")
    }

    @Test("refuses more than sixteen checks")
    func tooManyChecks() throws {
        let text = (1...17).map { check("").replacing("corp", with: "corp-\($0)") }.joined()
        #expect(try complaint(text) == "check: there are more than 16")
    }

    @Test(
        "refuses what no certificate could meet",
        arguments: [
            ("common_name = \"\"", "check.common_name: '' is empty"),
            ("common_name = \"${serial}\"", "check.common_name: '${serial}' has the variable '${serial}'; there are"),
            ("common_name = \"a${hostname\"", "check.common_name: 'a${hostname' has a '${' without a '}'"),
            ("subject_alternative_names = [\"\"]", "check.subject_alternative_names: '' is empty"),
            ("crl_failure = \"hard\"", "check.crl_failure: says nothing without crls"),
            ("expiry_warning = \"3651d\"", "check.expiry_warning: is at most 3650d"),
            ("private_key_file = \"/k\"", "check.private_key_file: says nothing without certificate_file"),
            (
                "certificate_file = \"/c\"\nnickname = \"a\"",
                "check.certificate_file: stands in the place of a database"
            ),
            ("extended_key_usage = [\"serverauth\"]", "check.extended_key_usage: 'serverauth' is neither"),
        ]
    )
    func impossible(line: String, sentence: String) throws {
        #expect(try complaint(check(line)).hasPrefix(sentence))
        #expect(try complaint("[[check]]\nid = \"a\"\ntrusted = []").hasPrefix("check.trusted: names no CA"))
    }
}
