import Foundation

/// An example file of `packaging/examples`, with what it shows as comments in force: `#key = value`, `#[table]`.
///
/// Paths of PEM files are replaced by `pem`, and of CRLs by `crl`, so that the example can be loaded.
package func example(_ name: String, pem: String, crl: String) throws -> String {
    let lines = try exampleLines(name).map { line in
        line.wholeMatch(of: /#([a-z_]+ = .*|\[.*\])/).map { String($0.1) } ?? line
    }
    return lines.joined(separator: "\n").replacing(/"\/etc\/[^"]*\.pem"/, with: "\"\(pem)\"")
        .replacing(/"\/etc\/[^"]*\.crl"/, with: "\"\(crl)\"")
}

/// The lines of an example file as it is shipped.
package func exampleLines(_ name: String) throws -> [String] {
    let root = URL(filePath: #filePath).appending(path: "../../..").standardized
    let text = try String(contentsOf: root.appending(path: "packaging/examples/\(name)"), encoding: .utf8)
    return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
}
