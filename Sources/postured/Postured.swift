internal import ArgumentParser
internal import PostureModel

@main
struct Postured: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "postured",
        abstract: "Reports this machine's identity and posture to a posture-scorer.",
        version: Version.text,
        subcommands: [
            Run.self, Collect.self, ReportNow.self, Status.self, Explain.self, ShowFacts.self, Check.self, Verify.self,
            Certificates.self,
        ]
    )
}
