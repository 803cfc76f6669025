internal import OpenSSLBridge
internal import PostureModel
internal import Verification

/// The scorer's door: a message goes through it as it does through the scorer's routes.
enum Door {
    static let audience = "https://scorer.fuzz.test"
    /// The id of a check of the device's name.
    static let check = "laptop"
    /// The id of a check of a name that depends on what the report says of the machine.
    static let namedCheck = "named"

    private static let names: NamePatterns = {
        let pattern = try? NamePattern("${hostname}.fuzz.test")
        let others = ["${hostname}.fuzz.test", "${serial_number}-${device_uuid}", "${device_uuid}"]
        return NamePatterns(commonName: pattern, alternativeNames: others.compactMap { try? NamePattern($0) })
    }()

    /// What came through.
    enum Passed {
        case report(VerifiedReport)
        case registration(VerifiedRegistration)
        case ownRecord(DeviceID)
        case retirement(VerifiedRetirement)
        case keyReplacement(VerifiedKeyReplacement)
    }

    private static let nonces = NonceAuthority(
        audience: audience,
        keys: [NonceKey(id: 1, secret: [UInt8](repeating: 1, count: 32), createdAt: Corp.now)]
    )

    /// Reads and verifies a message of the device with `key`, which may be of any kind.
    static func passed(_ bytes: [UInt8], key: PublicKey, trusting root: Certificate) -> [Passed] {
        guard let message = try? UnverifiedMessage(parsing: bytes),
            let nonce = try? nonces.verify(message.nonce, at: Corp.now)
        else { return [] }
        let verifier = MessageVerifier(audience: audience)
        var checks = [check: requirements(trusting: [root])]
        checks[namedCheck] = requirements(trusting: [root])
        checks[namedCheck]?.names = names
        guard let device = DeviceID(rawValue: Base64URL.encode(key.thumbprint)) else { return [] }
        let known = KnownDevice(device, keys: [key.jwk])
        let report = (try? verifier.authenticReport(message, of: known, nonce: nonce)).map { authentic in
            verifier.report(authentic, checks: checks, at: Corp.now)
        }
        let registration = (try? verifier.authenticRegistration(message, nonce: nonce)).map { authentic in
            verifier.registration(authentic, checks: checks, at: Corp.now)
        }
        let owner = try? verifier.ownRecord(message, of: known, nonce: nonce).device
        let retirement = try? verifier.retirement(message, of: known, nonce: nonce)
        let replacement = try? verifier.keyReplacement(message, of: known, nonce: nonce)
        let passed = [
            report.map(Passed.report), registration.map(Passed.registration), owner.map(Passed.ownRecord),
            retirement.map(Passed.retirement), replacement.map(Passed.keyReplacement),
        ]
        hold(passed.compactMap(\.self).count <= 1, "a message is of one kind")
        for verdict in report?.checks ?? [] { holdVerdict(verdict, root: root) }
        return passed.compactMap(\.self)
    }

    private static func holdVerdict(_ verdict: CheckVerdict, root: Certificate) {
        hold([check, namedCheck].contains(verdict.id), "the verdicts are on the scorer's own checks")
        let isBound = verdict.id == namedCheck && verdict.level > .none
        hold(!isBound || verdict.bound["hostname"] != nil, "a name that a variable stood for is one of the machine")
        hold(!verdict.reason.isEmpty, "a verdict has a reason")
        hold((verdict.code == nil) == (verdict.level == .proven), "a verdict that is no proof has a code")
        let hasChain = verdict.anchor == root.fingerprint
        hold(hasChain || verdict.anchor == nil, "a chain ends at the trusted CA")
        hold(hasChain || verdict.level == .none && !verdict.proves, "nothing is valid or proves without a chain")
        hold((verdict.holdsUntil != nil) == hasChain, "a chain has an end")
        hold(!hasChain || verdict.key != nil, "a chain has a key")
        hold(verdict.proves || verdict.level != .proven, "whatever is proven proves")
    }
}
