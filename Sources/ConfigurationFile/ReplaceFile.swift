internal import Files

/// Replaces the file at `path` as a whole, or leaves it as it was; see ``DurableFile``.
package func replaceFile(
    _ path: String,
    with bytes: [UInt8],
    patience: Duration = .seconds(5)
) throws(ConfigurationError) {
    do throws(FileError) { try DurableFile.replace(path, with: bytes, patience: patience) } catch {
        throw ConfigurationError(error.path, "cannot be written: \(error.sentence)")
    }
}
