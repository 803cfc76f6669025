package import PostureModel

/// The problems of a certificate's private key, and of the clock, in words.
extension CertificateProblem {
    /// A certificate that is valid, without its key, which should be in this file, or else in the database.
    package static func noKey(of chain: ValidChain, in file: String? = nil) -> CertificateProblem {
        let todo =
            file.map { "\($0) does not hold it: put the key that belongs to the certificate there" }
            ?? "import the certificate together with its key (pk12util -i)"
        return CertificateProblem(
            .noPrivateKey,
            "\(chain.leafName) is valid, but its private key is not on the machine: \(todo)"
        )
    }

    /// A certificate that is valid, with a key that cannot be used.
    package static func unreadableKey(of chain: ValidChain, _ reason: String) -> CertificateProblem {
        CertificateProblem(
            .privateKeyUnreadable,
            "\(chain.leafName) is valid, but its private key cannot be used: \(reason)"
        )
    }

    /// A key that others on the machine may read, so that its signature says less.
    static func keyShared(of chain: ValidChain) -> CertificateProblem {
        CertificateProblem(
            .keyShared,
            "\(chain.leafName) is valid and its key signed this report, but others on the machine may read the key: close "
                + "it to them (chmod 600), and then issue a new certificate"
        )
    }

    static func noProof(of chain: ValidChain) -> CertificateProblem {
        CertificateProblem(
            .noProof,
            "\(chain.leafName) is valid and the machine says that it has the key, without a proof"
        )
    }

    /// A clock by which nothing can be judged.
    package static func wrongClock(_ now: Timestamp) -> CertificateProblem {
        CertificateProblem(
            .wrongClock,
            "the clock is wrong: it says \(now), and this program was built after \(Version.builtAfter): set the "
                + "clock, since no validity can be judged by it"
        )
    }
}
