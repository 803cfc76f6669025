/// The version of both programs: the one place where it stands.
public enum Version {
    /// The version's text.
    public static let text = "0.1.0"
    /// A moment before which this version was not built, 2026-11-01T00:00:00Z: a clock that says an earlier one is wrong.
    ///
    /// Written here and not taken from the build, so that the same source makes the same program on any day.
    public static let builtAfter = Timestamp(seconds: 1_793_491_200)
}
