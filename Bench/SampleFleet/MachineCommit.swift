internal import DeviceIdentity
@_spi(Verifying) internal import PostureModel
internal import ScorerModel
internal import Scoring
internal import TestSupport

/// What a machine's life leaves in the store: decided and scored report by report, as a scorer does, and written once.
struct MachineCommit {
    let fleet: SampleFleet
    let machine: SampleMachine

    /// What the machine claims in any of its reports.
    static func identifiers(of machine: SampleMachine) -> [Identifier] {
        ReportedClaims.identifiers(of: machine.report)
            + [Identifier(.hostname, machine.firstHostname)].compactMap { $0 }
    }

    /// The registration and the newest report with what came of all reports; nil for a machine that may not register.
    func commit(over snapshot: Snapshot) throws -> Commit? {
        let registration = VerifiedRegistration(
            device: machine.device,
            key: machine.key,
            token: nil,
            provenCertificate: machine.certificate.fingerprint
        )
        let way: Authorisation =
            machine.life.isByToken
            ? .token(hash: fleet.tokenHash)
            : .certificate(fingerprint: machine.certificate.fingerprint, deviceLimit: 3)
        guard
            case .register(let changes) = decide(registration, by: way, at: machine.life.registeredAt, over: snapshot),
            case .device(var record)? = changes.last
        else { return nil }
        record.version = 1
        return Commit(changes + (try reports(of: record, over: snapshot)))
    }

    private func reports(of registered: DeviceRecord, over snapshot: Snapshot) throws -> [Change] {
        var own = Snapshot()
        own.records[machine.device] = registered
        own.inventory = snapshot.inventory
        for identifier in Self.identifiers(of: machine) { own.claims[identifier] = snapshot.claims(to: identifier) }
        var changed: [Identifier: ClaimSet] = [:]
        var newest: IngestDecision?
        for (index, moment) in machine.life.reports.enumerated() {
            let report = report(index)
            var decision = try decide(report, receivedAt: moment.receivedAt, over: own)
            decision.record.failingSince =
                fleet.policy.evaluate(
                    newReport: ScoringInput(decision.record, report: report, receivedAt: moment.receivedAt, age: 0),
                    isFirst: index == 0,
                    trust: fleet.trust,
                    at: moment.receivedAt
                ).failingSince
            own.records[machine.device] = decision.record
            for claims in decision.claims {
                own.claims[claims.identifier] = claims
                changed[claims.identifier] = claims
            }
            newest = decision
        }
        newest?.claims = changed.values.sorted { $0.identifier < $1.identifier }
        return newest?.changes(names: DeviceName.all(of: machine.report)) ?? []
    }

    private func report(_ index: Int) -> VerifiedReport {
        let moment = machine.life.reports[index]
        var report = machine.report
        report.facts.bootID = .observed(moment.boot)
        if index == 0, machine.life.reports.count > 1 {
            report.facts.kernelHostname = .observed(machine.firstHostname)
            report.facts.staticHostname = .observed(machine.firstHostname)
        }
        let isNewest = index == machine.life.reports.count - 1
        return VerifiedReport(
            report: report,
            payload: isNewest ? machine.payload : [],
            checks: [machine.certificate.verdict],
            nonceIssuedAt: moment.receivedAt.adding(seconds: -2)
        )
    }
}
