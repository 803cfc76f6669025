internal import Files

/// What is wrong with a configuration: the file, the key, what to do.
package struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds of failure.
    package enum Code: Sendable, Equatable {
        /// The file is not there.
        case absent
        /// This user may not read it.
        case refused
        /// It cannot be read for another reason, or what is in it is wrong.
        case invalid
    }

    /// A sentence that starts with the file.
    package let description: String
    /// The file.
    package let file: String
    /// What kind of failure it is.
    package let code: Code

    /// Creates an error about what is in a file.
    package init(_ file: String, _ text: String) { self.init(file, text, .invalid) }

    private init(_ file: String, _ text: String, _ code: Code) {
        self.description = "\(file): \(text)"
        self.file = file
        self.code = code
    }

    /// Whether the file is not there, as opposed to wrong or unreadable.
    package var isAbsence: Bool { code == .absent }
}

extension ConfigurationError {
    /// An error about a file that cannot be read.
    init(_ error: FileError) {
        self.init(error.path, error.sentence, error.isAbsence ? .absent : error.isRefusal ? .refused : .invalid)
    }
}
