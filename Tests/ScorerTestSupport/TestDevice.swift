package import OpenSSLBridge
package import PostureModel

/// A device that composes messages as the agent does, and wrong ones where a test wants them.
package struct TestDevice: Sendable {
    /// The URL that agents have of the scorer of a test.
    package static let audience = "https://scorer.acme.test"

    package let key: PrivateKey
    package let id: DeviceID

    /// The ids of two boots.
    package static let boots = ("0000000a-0000-4000-8000-000000000000", "0000000b-0000-4000-8000-000000000000")

    /// A certificate's key that signs a message too.
    package struct Proof: Sendable {
        package var role: String
        package var key: PrivateKey
        package var certificates: [[UInt8]]

        package init(role: String, key: PrivateKey, certificates: [[UInt8]]) {
            (self.role, self.key, self.certificates) = (role, key, certificates)
        }
    }

    package init() throws {
        key = try PrivateKey.generate(.p256)
        guard let id = DeviceID(rawValue: Base64URL.encode(key.publicKey.thumbprint)) else {
            preconditionFailure("a thumbprint is an id")
        }
        self.id = id
    }

    /// A signed message; `edit` changes the header before it is signed.
    package func message(
        _ type: MessageType,
        payload: [UInt8],
        nonce: String,
        audience: String = TestDevice.audience,
        signer: PrivateKey? = nil,
        proofs: [Proof] = [],
        edit: (inout ProtectedHeader) -> Void = { _ in }
    ) throws -> [UInt8] {
        let encoded = Base64URL.encode(payload)
        func header(_ algorithm: SignatureAlgorithm, _ role: String) -> ProtectedHeader {
            ProtectedHeader(alg: algorithm, typ: type, url: audience + type.path, nonce: nonce, role: role)
        }
        func signature(_ header: ProtectedHeader, _ key: PrivateKey, _ chain: [[UInt8]]) throws -> JWS.Signature {
            let encodedHeader = Base64URL.encode(try Wire.encode(header))
            let input = JWS.signingInput(encodedHeader: encodedHeader, encodedPayload: encoded)
            let bytes = try key.sign(input, algorithm: header.alg)
            return JWS.Signature(header: header, encodedHeader: encodedHeader, certificates: chain, bytes: bytes)
        }
        var own = header(.es256, ProtectedHeader.deviceRole)
        if type == .registration { own.jwk = key.publicKey.jwk } else { own.kid = id.rawValue }
        edit(&own)
        var signatures = [try signature(own, signer ?? key, [])]
        for proof in proofs {
            var header = header(proof.key.publicKey.jwk.algorithm, proof.role)
            header.x5t = try proof.certificates.first.map { try Certificate(der: $0).fingerprint }
            signatures.append(try signature(header, proof.key, proof.certificates))
        }
        return try JWS(encodedPayload: encoded, payload: payload, signatures: signatures).encoded()
    }

    /// A key replacement that the device's key and the new one sign.
    package func keyReplacement(
        by new: PrivateKey,
        nonce: String,
        receipt: String? = nil,
        signer: PrivateKey? = nil
    ) throws -> [UInt8] {
        let payload = try Wire.encode(
            KeyReplacement(device: id, audience: Self.audience, key: new.publicKey.jwk, receipt: receipt)
        )
        let signed = try JWS(parsing: message(.keyReplacement, payload: payload, nonce: nonce, signer: signer))
        var header = ProtectedHeader(
            alg: .es256,
            typ: .keyReplacement,
            url: Self.audience + MessageType.keyReplacement.path,
            nonce: nonce,
            role: ProtectedHeader.newKeyRole
        )
        header.jwk = new.publicKey.jwk
        let encoded = Base64URL.encode(try Wire.encode(header))
        let input = JWS.signingInput(encodedHeader: encoded, encodedPayload: signed.encodedPayload)
        let second = JWS.Signature(
            header: header,
            encodedHeader: encoded,
            certificates: [],
            bytes: try new.sign(input, algorithm: .es256)
        )
        return try JWS(
            encodedPayload: signed.encodedPayload,
            payload: signed.payload,
            signatures: signed.signatures + [second]
        ).encoded()
    }

    /// The payload of a registration.
    package func registration(token: String? = nil, audience: String = TestDevice.audience) throws -> [UInt8] {
        try Wire.encode(Registration(device: id, audience: audience, token: token))
    }

    /// A report of a machine on which everything but a certificate is in order.
    ///
    /// Without WARP ids the agent cannot tell them. Without a receipt each report says that its predecessor's answer was lost.
    package func report(
        serial: String = "PF0FAKE1",
        warpIDs: [String] = [],
        warp: Observation<WARPIDs>? = nil,
        ipv4: [String] = [],
        hostname: String = "laptop-1",
        mac: String? = nil,
        bootID: String? = nil,
        uptime: Int64? = nil,
        receipt: String? = nil,
        audience: String = TestDevice.audience,
        checks: [CheckFinding] = [CheckFinding(id: "corp", certificate: .notFound(reason: "no certificate"))]
    ) -> Report {
        let none = Observation<String>.notApplicable(reason: "a test")
        return Report(
            device: id,
            audience: audience,
            agent: "postured/test",
            collectedAt: TestClock.start,
            facts: Facts(
                serials: SerialNumbers(
                    product: .observed(SerialNumber(serial)),
                    board: .unreadable(reason: "a test"),
                    chassis: .unreadable(reason: "a test")
                ),
                macs: .observed([mac].compactMap { $0.flatMap(Self.address) }),
                kernelHostname: .observed(hostname),
                staticHostname: none,
                warpIPv4: ipv4.isEmpty ? .notApplicable(reason: "a test") : .observed(ipv4),
                osRelease: .observed(OSRelease(id: "debian")),
                kernelRelease: none,
                machineID: none,
                bootID: bootID.map { .observed($0) } ?? none,
                uptime: uptime.map { .observed($0) } ?? .notApplicable(reason: "a test")
            ),
            warpIDs: warp
                ?? (warpIDs.isEmpty
                    ? .unreadable(reason: "a test") : .observed(WARPIDs(ids: warpIDs, readAt: TestClock.start))),
            checks: checks,
            receipt: receipt
        )
    }

    private static func address(_ text: String) -> MACAddress? {
        let octets = text.split(separator: ":").compactMap { UInt8($0, radix: 16) }
        return MACAddress(octets: octets, interface: "eth0", source: .permanent)
    }
}
