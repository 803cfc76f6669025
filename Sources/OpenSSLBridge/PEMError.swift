/// Why bytes do not give the certificates, CRLs or private key that are looked for in them.
///
/// Says nothing of what is in them but its kind: it may be secret.
package enum PEMError: Error, Sendable, Equatable, CustomStringConvertible {
    /// There is nothing but white space.
    case empty
    /// The text is UTF-16 or UTF-32.
    case wideCharacters
    /// There is neither PEM nor DER.
    case neither
    /// A line is not in the form of RFC 7468.
    case line(Int, Flaw)
    /// There is something else, in PEM or in DER, that was not looked for.
    case other(EncodedContent, isDER: Bool, insteadOf: EncodedContent)
    /// There is more than one private key.
    case severalKeys(Int)
    /// There are more bytes than a CRL may have.
    case tooLong
    /// What is looked for is there, and is malformed, or of a kind that is not used here.
    case malformed(OpenSSLError)

    /// What can be wrong with a line of PEM.
    package enum Flaw: Sendable, Equatable {
        case indented, textBefore, lostLineEnds, escapedLineEnds, missingLineEnd, malformedBoundary
        case endWithoutBegin, endOfAnother, noEnd, notBase64
    }

    /// What is wrong and what to do, as a clause without a subject.
    package var description: String {
        switch self {
        case .empty: "is empty"
        case .wideCharacters: "is UTF-16 or UTF-32, as some Windows programs save text: save it as UTF-8"
        case .neither: "is neither PEM nor DER"
        case .line(let line, let flaw): "is malformed PEM: line \(line): \(flaw.words)"
        case .other(let content, let isDER, let wanted):
            "has \(content.name)\(advice(content, isDER, wanted))"
        case .severalKeys(let count): "has \(count) private keys: leave one of them"
        case .tooLong: "is longer than 32 MiB"
        case .malformed(let error): "cannot be read (\(error))"
        }
    }

    private func advice(_ content: EncodedContent, _ isDER: Bool, _ wanted: EncodedContent) -> String {
        let form = isDER ? " -inform DER" : ""
        switch (content, wanted) {
        case (.pkcs7, .certificate), (.pkcs7, .revocationList):
            return ": convert it: openssl pkcs7\(form) -print_certs -in FILE -out FILE.pem"
        case (.trustedCertificate, .certificate): return ": convert it: openssl x509 -in FILE -out FILE.pem"
        case (.pkcs12, .certificate): return ": convert it: openssl pkcs12 -nokeys -in FILE -out FILE.pem"
        case (.pkcs12, .privateKey): return ": convert it: openssl pkcs12 -nocerts -nodes -in FILE -out FILE.pem"
        case (.encryptedPrivateKey, .privateKey):
            return ", and nothing here asks for a password: decrypt it: "
                + "openssl \(isDER ? "pkcs8" : "pkey")\(form) -in FILE -out FILE.pem"
        case (.foreignPrivateKey, .privateKey):
            return ": one of OpenSSH's is converted by ssh-keygen -p -m PEM -f FILE"
        case (.certificateRequest, .certificate): return ": take what the CA issued for it"
        default: return ""
        }
    }
}

extension PEMError.Flaw {
    fileprivate var words: String {
        switch self {
        case .indented: "it is indented: remove the white space before it"
        case .textBefore: "there is text before '-----': move it to a line of its own"
        case .lostLineEnds: "the line ends are lost: the begin line, the base64 and the end line are lines of their own"
        case .escapedLineEnds: "it has '\\n' in the place of line ends: write real ones (printf '%b')"
        case .missingLineEnd: "an end line and a begin line are joined: put a line end between them"
        case .malformedBoundary: "a begin or end line has five hyphens, '-----', on each side"
        case .endWithoutBegin: "an end line has no begin line before it: a part of the file is missing"
        case .endOfAnother: "the end line has another label than the begin line"
        case .noEnd: "the block that begins here has no end line: a part of the file is missing"
        case .notBase64: "it is not base64"
        }
    }
}
