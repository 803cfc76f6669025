package import OpenSSLBridge
package import PostureModel

/// A device that sends messages with certificates of any kind in them.
package struct CarryingDevice: Sendable {
    /// The scorer that the messages are for.
    package static let audience = "https://scorer.acme.test"

    /// What is shown for one check.
    package struct Proof: Sendable {
        /// The id of the check.
        package var check: String
        /// The certificates in DER, leaf first.
        package var certificates: [[UInt8]]
        /// The key that signs: the leaf's, or any other.
        package var key: PrivateKey

        /// Shows certificates for a check.
        package init(_ certificates: [[UInt8]], key: PrivateKey, check: String = "laptop") {
            (self.certificates, self.key, self.check) = (certificates, key, check)
        }
    }

    /// The device's key.
    package let key: PrivateKey
    private let id: DeviceID

    /// Makes a device with a new key.
    package init() throws {
        key = try .generate(.p256)
        guard let id = DeviceID(rawValue: Base64URL.encode(key.publicKey.thumbprint)) else {
            throw ToolError(description: "no device id")
        }
        self.id = id
    }

    /// A registration without a token.
    package func registration(_ proofs: [Proof], nonce: String) throws -> [UInt8] {
        let payload = try Wire.encode(Registration(device: id, audience: Self.audience, token: nil))
        return try message(.registration, payload, proofs, nonce)
    }

    /// A report of a machine that shows nothing but its certificates.
    package func report(_ proofs: [Proof], nonce: String, at time: Timestamp) throws -> [UInt8] {
        let report = Report(
            device: id,
            audience: Self.audience,
            agent: "postured/test",
            collectedAt: time,
            facts: .none,
            warpIDs: .notApplicable(reason: "no client"),
            checks: []
        )
        return try message(.report, Wire.encode(report), proofs, nonce)
    }

    private func message(
        _ type: MessageType,
        _ payload: [UInt8],
        _ proofs: [Proof],
        _ nonce: String
    ) throws -> [UInt8] {
        var header = ProtectedHeader(
            alg: .es256,
            typ: type,
            url: Self.audience + type.path,
            nonce: nonce,
            role: ProtectedHeader.deviceRole
        )
        var own = header
        if type == .registration { own.jwk = key.publicKey.jwk } else { own.kid = id.rawValue }
        var signatures = [try signature(own, over: payload, by: key, [])]
        for proof in proofs {
            header.role = proof.check
            header.alg = proof.key.publicKey.jwk.algorithm
            header.x5t = proof.certificates.first.map { Base64URL.encode(Digest.sha256($0)) }
            signatures.append(try signature(header, over: payload, by: proof.key, proof.certificates))
        }
        return try JWS(encodedPayload: Base64URL.encode(payload), payload: payload, signatures: signatures).encoded()
    }

    private func signature(
        _ header: ProtectedHeader,
        over payload: [UInt8],
        by key: PrivateKey,
        _ certificates: [[UInt8]]
    ) throws -> JWS.Signature {
        let encoded = Base64URL.encode(try Wire.encode(header))
        let input = JWS.signingInput(encodedHeader: encoded, encodedPayload: Base64URL.encode(payload))
        let bytes = try key.sign(input)
        return JWS.Signature(header: header, encodedHeader: encoded, certificates: certificates, bytes: bytes)
    }
}

extension Facts {
    /// Facts of a host that shows nothing.
    package static var none: Facts {
        Facts(
            serials: SerialNumbers(
                product: .unreadable(reason: ""),
                board: .unreadable(reason: ""),
                chassis: .unreadable(reason: "")
            ),
            macs: .observed([]),
            kernelHostname: .observed("laptop-1"),
            staticHostname: .observed("laptop-1"),
            warpIPv4: .observed([]),
            osRelease: .observed(OSRelease(id: "debian")),
            kernelRelease: .observed("6.1"),
            machineID: .observed("4d0e5c2b8f7a4b1e9c3d2a1f0e9d8c7b"),
            bootID: .observed("b0071d00-0000-4000-8000-000000000001"),
            uptime: .unreadable(reason: "")
        )
    }
}
