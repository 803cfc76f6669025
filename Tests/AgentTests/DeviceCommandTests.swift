import Foundation
import PostureModel
import TestSupport
import Testing

@Suite("The commands 'replace-key' and 'retire'", .timeLimit(.minutes(5)))
struct DeviceCommandTests {
    let machine: TestMachine
    let scorer: ModelScorer

    init() throws {
        machine = try TestMachine()
        scorer = try ModelScorer()
        try machine.configure(scorer: scorer.server.url)
    }

    private var keys: String { machine.fixture.directory.file("state") }

    @Test("need a machine that has reported, and a scorer")
    func none() throws {
        for command in ["replace-key", "retire"] {
            let ending = try machine.postured(command)
            #expect(ending.status == 1)
            #expect(ending.errors.contains("this machine has never reported"), "\(ending.errors)")
            #expect(!FileManager.default.fileExists(atPath: "\(keys)/device-key.pem"))
        }
        try machine.configure(scorer: nil)
        #expect(try machine.postured("retire").status == 2)
    }

    @Test("replace the key of a device, which reports on as the same one")
    func replace() throws {
        #expect(try machine.postured("report").status == 0)
        let before = try contents(of: "\(keys)/device-key.pem")
        let ending = try machine.postured("replace-key")
        #expect(ending.status == 0, "\(ending.errors)")
        #expect(ending.output.hasPrefix("the device's key is replaced\nscore 90 of 100, device "))
        #expect(try contents(of: "\(keys)/device-key.pem") != before)
        let json = try machine.postured("replace-key", "--json")
        #expect(json.status == 0)
        let answer = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
        #expect(answer?["device"] as? String == scorer.reports.first?.device.rawValue)
        #expect(Set(scorer.reports.map(\.device)).count == 1)
        #expect(scorer.reports.map(\.receipt) == [nil, "receipt-1", "receipt-2"])
        #expect(scorer.alarms.isEmpty)
    }

    @Test("retire a device, say what is next, and nothing is reported after that")
    func retire() throws {
        #expect(try machine.postured("report").status == 0)
        let ending = try machine.postured("retire")
        #expect(ending.status == 0, "\(ending.errors)")
        #expect(ending.output.contains("apt purge postured"))
        #expect(scorer.records.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: "\(keys)/device-key.pem"))
        let report = try machine.postured("report")
        #expect(report.status == 2)
        #expect(report.errors.hasPrefix("postured: this device has retired and reports no more"))
        let finding = try doctorFindings(machine.postured("doctor", "--json", "--socket", machine.socket))
            .first { $0.name == "device-key" }
        #expect(finding?.outcome == "warning")
        #expect(finding?.advice?.contains("apt purge postured") == true)
        try FileManager.default.removeItem(atPath: "\(keys)/retired")
        #expect(try machine.postured("report").status == 0)
        let json = try machine.postured("retire", "--json")
        let answer = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Bool]
        #expect(answer == ["retired": true])
    }

    @Test("change nothing where two machines have the key, and say what to do", arguments: ["replace-key", "retire"])
    func refused(command: String) throws {
        #expect(try machine.postured("report").status == 0)
        let receipts = URL(filePath: "\(keys)/receipts.json")
        let old = try Data(contentsOf: receipts)
        for _ in 0..<2 { #expect(try machine.postured("report").status == 0) }
        try old.write(to: receipts)
        let files = try FileManager.default.contentsOfDirectory(atPath: keys).sorted()
        let ending = try machine.postured(command)
        #expect(ending.status == 1)
        #expect(
            ending.errors.hasPrefix("postured: nothing was changed: two machines have this key"),
            "\(ending.errors)"
        )
        #expect(try FileManager.default.contentsOfDirectory(atPath: keys).sorted() == files)
        #expect(try machine.postured("report").status == 0)
        #expect(Set(scorer.types) == [.registration, .report])
    }

    @Test("say so where the scorer cannot be reached, and what has begun is done by the next report")
    func unreachable() throws {
        #expect(try machine.postured("report").status == 0)
        scorer.fates(.isLost, .isLost)
        let replace = try machine.postured("replace-key")
        #expect(replace.status == 1)
        #expect(replace.errors.hasPrefix("postured: the scorer cannot be reached: "))
        let finding = try doctorFindings(machine.postured("doctor", "--json", "--socket", machine.socket))
            .first { $0.name == "device-key" }
        #expect(finding?.outcome == "warning")
        #expect(finding?.seen.contains("a new key waits for the scorer") == true)
        #expect(try machine.postured("report").status == 0)
        #expect(scorer.types.suffix(2) == [.keyReplacement, .report])
        scorer.fates(.isLost, .isLost)
        #expect(try machine.postured("retire").status == 1)
        let report = try machine.postured("report")
        #expect(report.status == 1)
        #expect(report.errors.hasPrefix("postured: this device has retired and reports no more"))
        #expect(scorer.types.last == .retirement)
        #expect(scorer.alarms.isEmpty)
    }
}
