import Foundation
import TestSupport
import Testing

@Suite("The command certificates", .timeLimit(.minutes(5)))
struct CertificatesCommandTests {
    let fixture: CheckFixture

    init() throws {
        fixture = try CheckFixture()
        try fixture.database.importWithKey(fixture.leaf(), nickname: "Corp Laptop")
        try fixture.database.add(fixture.leaf(validity: .expired), nickname: "Corp Laptop")
        try fixture.database.add(fixture.root, nickname: "Corp Root", trust: "CT,C,C")
    }

    private func list(_ arguments: String...) throws -> Program.Ending {
        try runProgram(TestMachine.postured, ["certificates", "--database", fixture.database.path] + arguments)
    }

    private func entries(_ ending: Program.Ending) throws -> [[String: Any]] {
        let object = try JSONSerialization.jsonObject(with: Data(ending.output.utf8)) as? [String: Any]
        return try #require(object?["certificates"] as? [[String: Any]])
    }

    @Test("shows for every nickname the bytes and the key that certutil shows")
    func oracle() throws {
        for nickname in ["Corp Laptop", "Corp Root"] {
            let ending = try list("--nickname", nickname, "--json")
            #expect(ending.status == 0)
            let ders = try entries(ending).map {
                try [UInt8](#require(Data(base64Encoded: $0["der"] as? String ?? "")))
            }
            #expect(Set(ders) == Set(try fixture.database.ders(nickname: nickname)))
        }
        let all = try entries(list("--json"))
        let shown = all.map { "\($0["nickname"] ?? "") \($0["trust"] ?? "")" }.sorted()
        #expect(shown == (try fixture.database.listing()).map { "\($0.nickname) \($0.trust)" }.sorted())
        #expect(all.filter { $0["private_key"] as? String == "present" }.count == 1)
    }

    @Test("ends with 1 where there is none, and with 2 where nobody could look")
    func none() throws {
        let none = try list("--nickname", "corp laptop")
        #expect(none.status == 1)
        #expect(none.output == "no certificate\n")
        let missing = try runProgram(TestMachine.postured, ["certificates", "--database", "/nonexistent"])
        #expect(missing.status == 1)
        #expect(missing.errors.contains("/nonexistent"))
        try Data().write(to: URL(filePath: fixture.database.path + "/cert9.db"))
        #expect(try list().status == 2)
    }
}
