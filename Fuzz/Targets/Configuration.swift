internal import Agent
internal import ConfigurationFile
internal import Glibc
internal import Verification

/// The text of `postured.toml`.
///
/// What holds: it is refused with a sentence that names the file, or taken with values within their bounds.
func fuzzConfiguration(_ bytes: [UInt8]) {
    file.write(bytes)
    do throws(ConfigurationError) {
        let configuration = try AgentConfiguration(at: file.path)
        hold((10...86_400).contains(configuration.interval), "the interval is within its bounds")
        hold(configuration.warpIDs.count <= 8, "there are at most 8 WARP ids")
        hold(configuration.checks.count <= 16, "there are at most 16 checks")
        hold(Set(configuration.checks.map(\.id)).count == configuration.checks.count, "a check's id stands once")
        hold(configuration.checks.allSatisfy { !$0.requirements.trusted.isEmpty }, "a check trusts somebody")
    } catch {
        hold(error.description.contains(": "), "a refusal names the file and says why")
    }
}

private let file = ScratchFile()

/// A file of this process's own, for what reads files only; scripts/fuzz removes it.
private struct ScratchFile {
    let path: String

    init() {
        let parent = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
        var name = "\(parent)/postured-fuzz-XXXXXX".utf8CString.map(\.self)
        guard unsafe mkdtemp(&name) != nil else { fatalError("no directory in \(parent): errno \(errno)") }
        path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self) + "/postured.toml"
    }

    func write(_ bytes: [UInt8]) {
        let file = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        defer { close(file) }
        guard file >= 0, unsafe Glibc.write(file, bytes, bytes.count) == bytes.count else {
            fatalError("\(path) takes nothing: errno \(errno)")
        }
    }
}
