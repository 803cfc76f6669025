package import PostureModel
package import ScorerModel

/// The outcome of a registration.
package enum RegistrationDecision: Sendable, Equatable {
    /// These changes make the device known.
    case register([Change])
    /// The device is known already: nothing changes, and no use of a token is taken.
    case alreadyKnown
    /// The device may not register.
    case refused(RegistrationRefusal)
}

/// Why a device may not register.
package enum RegistrationRefusal: Sendable, Equatable {
    /// As many devices as may have registered by the certificate.
    case certificateLimit(Int)
    /// There is no such enrolment token.
    case unknownToken
    /// The enrolment token has no use left.
    case usedUpToken
    /// The enrolment token has expired.
    case expiredToken
    /// The device that the enrolment token replaces is blocked.
    case replacesBlocked

    /// A sentence for the person at the machine.
    package var reason: String {
        switch self {
        case .certificateLimit(let limit):
            "\(limit) devices have registered by this certificate already: use an enrolment token"
        case .unknownToken: "the enrolment token is not known: ask an operator for a new one"
        case .usedUpToken: "the enrolment token is used up"
        case .expiredToken: "the enrolment token has expired"
        case .replacesBlocked:
            "the device that the enrolment token replaces is blocked: ask an operator to unblock it first"
        }
    }
}

/// Decides whether a device may register, from a snapshot of the device and of what it registers by.
///
/// A device that has retired registers again as itself, with its tags and blocks, and has to prove its certificates anew. A token may name a device which the new one
/// replaces, also where the new one has registered by its certificate before the token came.
package func decide(
    _ registration: VerifiedRegistration,
    by authorisation: Authorisation,
    at now: Timestamp,
    over snapshot: Snapshot
) -> RegistrationDecision {
    let known = snapshot.records[registration.device]
    if let known, known.retiredAt == nil, !authorisation.replaces(another: known.device, at: now, over: snapshot) {
        return .alreadyKnown
    }
    let permission: Change
    var replaced: DeviceRecord?
    switch authorisation {
    case .certificate(let fingerprint, let limit):
        guard snapshot.registrations[fingerprint] ?? 0 < limit else { return .refused(.certificateLimit(limit)) }
        permission = .countRegistration(fingerprint: fingerprint, limit: limit)
    case .token(let hash):
        guard let token = snapshot.tokens[hash] else { return .refused(.unknownToken) }
        guard token.usesLeft > 0 else { return .refused(.usedUpToken) }
        guard token.expiresAt > now else { return .refused(.expiredToken) }
        permission = .useToken(hash: hash, at: now)
        replaced = token.replaces.flatMap { snapshot.records[$0] }
        if replaced?.blocks.isEmpty == false { return .refused(.replacesBlocked) }
    }
    var record =
        known
        ?? DeviceRecord(
            device: registration.device,
            key: registration.key,
            registeredAt: now,
            registeredBy: authorisation.kind
        )
    var changes = [permission]
    if let retiredAt = record.retiredAt {
        changes += record.withdrawingClaims(over: snapshot).map(Change.claims)
        changes += record.keyAlarms(since: retiredAt, at: now).map(Change.notice)
        record.retiredAt = nil
        record.continuity?.beginAnew()
    }
    changes.append(.device(record))
    guard let replaced, replaced.device != record.device, replaced.retiredAt == nil else { return .register(changes) }
    return .register(changes + replaced.replaced(by: record.device, over: snapshot, at: now))
}

extension DeviceRecord {
    /// Clone alarms of a retired device that comes back: an agent deletes its key with its retirement, so that somebody has a copy.
    ///
    /// Each names a device that reported meanwhile, and has got the certificate's key.
    fileprivate func keyAlarms(since retirement: Timestamp, at now: Timestamp) -> [IdentityNotice] {
        let rivals = claims(.key).flatMap(\.rivals).filter { rival in
            rival.claim.strength != .reported && (rival.lastReport ?? retirement) > retirement
        }
        return Set(rivals.map(\.claim.device.rawValue)).sorted().map {
            IdentityNotice(.certificateKeyReturned, of: device, other: $0, since: now)
        }
    }
}

extension Authorisation {
    /// Whether it is a token that counts and names a device which another one, that is known already, may still replace.
    fileprivate func replaces(another device: DeviceID, at now: Timestamp, over snapshot: Snapshot) -> Bool {
        guard case .token(let hash) = self, let token = snapshot.tokens[hash], token.usesLeft > 0,
            token.expiresAt > now,
            let replaced = token.replaces.flatMap({ snapshot.records[$0] })
        else { return false }
        return replaced.device != device && replaced.retiredAt == nil
    }
}
