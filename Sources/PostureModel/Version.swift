/// The version of both programs: the one place where it stands.
public enum Version {
    /// The version's text.
    public static let text = "0.1.0"
}
