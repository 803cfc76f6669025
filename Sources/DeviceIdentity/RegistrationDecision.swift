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

    /// A sentence for the person at the machine.
    package var reason: String {
        switch self {
        case .certificateLimit(let limit):
            "\(limit) devices have registered by this certificate already: use an enrolment token"
        case .unknownToken: "the enrolment token is not known: ask an operator for a new one"
        case .usedUpToken: "the enrolment token is used up"
        case .expiredToken: "the enrolment token has expired"
        }
    }
}

/// Decides whether a device may register, from a snapshot of the device and of what it registers by.
package func decide(
    _ registration: VerifiedRegistration,
    by authorisation: Authorisation,
    at now: Timestamp,
    over snapshot: Snapshot
) -> RegistrationDecision {
    guard snapshot.records[registration.device] == nil else { return .alreadyKnown }
    let permission: Change
    switch authorisation {
    case .certificate(let fingerprint, let limit):
        guard snapshot.registrations[fingerprint] ?? 0 < limit else { return .refused(.certificateLimit(limit)) }
        permission = .countRegistration(fingerprint: fingerprint, limit: limit)
    case .token(let hash):
        guard let token = snapshot.tokens[hash] else { return .refused(.unknownToken) }
        guard token.usesLeft > 0 else { return .refused(.usedUpToken) }
        guard token.expiresAt > now else { return .refused(.expiredToken) }
        permission = .useToken(hash: hash, at: now)
    }
    let record = DeviceRecord(
        device: registration.device,
        key: registration.key,
        registeredAt: now,
        registeredBy: authorisation.kind
    )
    return .register([permission, .device(record)])
}
