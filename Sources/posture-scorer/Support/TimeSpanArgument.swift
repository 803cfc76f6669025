internal import ArgumentParser
internal import PostureModel

extension TimeSpan: ExpressibleByArgument {
    /// Reads the argument of an option: ``TimeSpan/examples``.
    init?(argument: String) { self.init(argument) }

    /// The default of an option, for its help.
    var defaultValueDescription: String { description }
}
