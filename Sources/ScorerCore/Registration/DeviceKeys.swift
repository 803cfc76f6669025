internal import DeviceIdentity
internal import Logging
package import PostureModel
internal import ScorerModel
internal import ScorerStore
internal import Verification

/// Replaces the keys of devices, and takes them back from devices that retire.
package struct DeviceKeys: Sendable {
    let store: any ScorerDatabase
    let intake: MessageIntake
    let receipts: ReceiptKeeper
    let journal: DeviceJournal
    let counters: RequestCounters
    let logger: Logger

    /// Takes a retirement: the device gives up its keys and identifiers, and has to register again.
    ///
    /// - Throws: ``Problem/Kind/conflict`` while two machines have the device's key, and for the message of a copy, which raises
    ///   the clone alarm.
    package func retire(_ bytes: [UInt8], at now: Timestamp) async throws -> DeviceAnswer {
        let retirement = try await intake.retirement(bytes, at: now)
        let (device, receipts) = (retirement.device, try await receipts.authority())
        let decision = try await store.decide(from: .init(devices: [device])) { snapshot in
            let decision = decide(
                retirement,
                receipt: { receipts.receipt(of: device, number: $0) },
                at: now,
                over: snapshot
            )
            switch decision {
            case .retire(let changes): return (Commit(changes), decision)
            case .returned(let notice): return (Commit([.notice(notice)]), decision)
            case .cloneAlarm, .unknownDevice: return (nil, decision)
            }
        }
        switch decision {
        case .unknownDevice: throw MessageIntake.unknownDevice
        case .cloneAlarm: throw Self.twoMachines(device)
        case .returned(let notice):
            await tell(notice, at: now)
            throw Self.twoMachines(device)
        case .retire: break
        }
        logger.notice("device retired: it gave up its keys and identifiers", metadata: ["device": "\(device)"])
        return DeviceAnswer(device: device)
    }

    /// Takes a key replacement; one that is repeated is answered likewise.
    ///
    /// - Throws: ``Problem/Kind/replacedKey`` where a replaced key signed another message than the one that replaced it, and
    ///   ``Problem/Kind/conflict`` for the message of a copy: then the clone alarm is raised.
    package func replace(_ bytes: [UInt8], at now: Timestamp) async throws -> DeviceAnswer {
        let replacement = try await intake.keyReplacement(bytes, at: now)
        let (device, receipts) = (replacement.device, try await receipts.authority())
        let decision = try await store.decide(from: .init(devices: [device])) { snapshot in
            let decision = decide(
                replacement,
                receipt: { receipts.receipt(of: device, number: $0) },
                at: now,
                over: snapshot
            )
            switch decision {
            case .replace(let record): return (Commit([.device(record)]), decision)
            case .byReplacedKey(let notice), .returned(let notice):
                let isNew = snapshot.records[device].map { $0.cloneAlarmSince == nil } ?? false
                return (isNew ? Commit([.notice(notice)]) : nil, decision)
            case .alreadyReplaced, .unknownDevice: return (nil, decision)
            }
        }
        switch decision {
        case .unknownDevice: throw MessageIntake.unknownDevice
        case .byReplacedKey(let notice):
            await tell(notice, at: now)
            throw Problem.byReplacedKey
        case .returned(let notice):
            await tell(notice, at: now)
            throw Self.twoMachines(device)
        case .alreadyReplaced: break
        case .replace: logger.notice("device key replaced", metadata: ["device": "\(device)"])
        }
        return DeviceAnswer(device: device)
    }

    private func tell(_ notice: IdentityNotice, at now: Timestamp) async {
        await counters.count([notice])
        journal.tell(notice, at: now)
    }

    private static func twoMachines(_ device: DeviceID) -> Problem {
        Problem(
            .conflict,
            "two machines have this device's key: an operator runs 'posture-scorer clones clear \(device)' first"
        )
    }
}
