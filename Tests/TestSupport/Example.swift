import Foundation

/// An example file of `packaging/examples`, with the keys that it shows as comments in force: `#key = value`.
///
/// Paths of PEM files are replaced by `pem`, and of CRLs by `crl`, so that the example can be loaded.
public func example(_ name: String, pem: String, crl: String) throws -> String {
    let root = URL(filePath: #filePath).appending(path: "../../..").standardized
    let text = try String(contentsOf: root.appending(path: "packaging/examples/\(name)"), encoding: .utf8)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
        line.wholeMatch(of: /#(\[.*\]|[a-z_]+ = .*)/).map { String($0.1) } ?? String(line)
    }
    return lines.joined(separator: "\n").replacing(/"\/etc\/[^"]*\.pem"/, with: "\"\(pem)\"")
        .replacing(/"\/etc\/[^"]*\.crl"/, with: "\"\(crl)\"")
}
