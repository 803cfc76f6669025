internal import DeviceIdentity
internal import OpenSSLBridge
@_spi(Verifying) internal import PostureModel
internal import ScorerModel
internal import Scoring
internal import TestSupport

/// What a machine's life leaves in the store: decided and scored report by report, as a scorer does, and written once.
struct MachineCommit {
    let fleet: SampleFleet
    let machine: SampleMachine

    /// What the machine claims in any of its reports.
    var identifiers: Set<Identifier> { Snapshot.Request(for: verified(machine.report, at: fleet.now)).identifiers }

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
        for identifier in identifiers { own.claims[identifier] = snapshot.claims(to: identifier) }
        var changed: [Identifier: ClaimSet] = [:]
        var newest: IngestDecision?
        for (index, moment) in machine.life.reports.enumerated() {
            let report = report(index, after: own.records[machine.device]?.continuity)
            var decision = try decide(
                report,
                over: own,
                by: fleet.policy.linkRules(pollingInterval: 3600),
                // A scorer's code is of its key, and here of the seed.
                receipt: { Receipt(number: $0, code: code(index)) },
                Liveness(at: moment.receivedAt, staleAfter: fleet.policy.freshness.staleAfter)
            )
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

    private func report(_ index: Int, after continuity: Continuity?) -> VerifiedReport {
        let moment = machine.life.reports[index]
        var report = machine.report
        report.facts.bootID = .observed(moment.boot)
        report.receipt = continuity?.answered.text
        if index == 0, machine.life.reports.count > 1 {
            report.facts.kernelHostname = .observed(machine.firstHostname)
            report.facts.staticHostname = .observed(machine.firstHostname)
        }
        return verified(report, at: moment.receivedAt.adding(seconds: -2))
    }

    private func verified(_ report: Report, at moment: Timestamp) -> VerifiedReport {
        VerifiedReport(
            report: report,
            payload: machine.payload,
            checks: [machine.certificate.verdict],
            nonceIssuedAt: moment
        )
    }

    private func code(_ index: Int) -> [UInt8] {
        Array(Digest.sha256(Array("\(machine.device) \(index)".utf8)).prefix(12))
    }
}
