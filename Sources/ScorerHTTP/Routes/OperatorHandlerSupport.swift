internal import HTTPTypes
internal import Hummingbird
internal import PostureModel
internal import ScorerCore
internal import ScorerModel

/// Helpers that the handlers of operators' routes share.
struct OperatorHandlerSupport {
    let scorer: Scorer

    /// Returns the commands of the caller, at the present moment.
    func commands(_ context: OperatorContext) -> OperatorCommands {
        OperatorCommands(store: scorer.store, actor: context.actor, logger: scorer.logger, at: scorer.now())
    }

    /// The JSON of what an operator asked for, or the problem that stood in the way.
    func answer(
        status: HTTPResponse.Status = .ok,
        _ result: () async throws -> some Encodable
    ) async throws -> Response {
        do { return try .json(try await result(), status: status) } catch let error as OperatorError {
            throw error.problem
        }
    }

    /// A body in JSON, of 16 KiB at most.
    func body<Value: Decodable>(_ request: Request, as type: Value.Type = Value.self) async throws -> Value {
        let bytes = try await request.bytes(upTo: 16 * 1024)
        do { return try Wire.decode(from: bytes) } catch { throw Problem(.malformed, "the body \(error)") }
    }

    /// Whether an optional body in JSON, of 1 KiB at most, has `"force": true`.
    func force(_ request: Request) async throws -> Bool {
        struct Body: Decodable { var force: Bool? }
        let bytes = try await request.bytes(upTo: 1024)
        guard !bytes.isEmpty else { return false }
        do { return try Wire.decode(Body.self, from: bytes).force == true } catch {
            throw Problem(.malformed, "the body \(error)")
        }
    }

    /// The device that the path names, by an id or by what else ``OperatorCommands/findDevice(_:)`` takes.
    func device(_ context: OperatorContext) -> String { parameter("device", context) }

    /// A parameter of the path, without its percent-encoding; blank where that is wrong.
    func parameter(_ name: String, _ context: OperatorContext) -> String {
        context.parameters.get(name).flatMap(percentDecoded) ?? ""
    }
}

extension OperatorError {
    /// The problem document, which names the API call that helps.
    var problem: Problem {
        let remedy =
            switch remedy {
            case nil: ""
            case .listDevices: ": GET /v1/devices lists the devices"
            case .chooseDevice(let devices, let isCut):
                "; name one by its id: \(devices.map(\.device.rawValue).joined(separator: ", "))\(isCut ? ", …" : "")"
            case .listTokens: ": GET /v1/tokens lists the tokens"
            case .listCAs: ": GET /v1/certificates lists the trusted CAs"
            case .showDevice(let device): ": GET /v1/devices/\(device) shows it"
            case .listConflicts: ": GET /v1/conflicts lists what is"
            case .listClones: ": GET /v1/clones lists the clone alarms"
            case .forceAssignment: ": GET /v1/conflicts shows them; \"force\": true assigns them all the same"
            case .confirmRemoval: ": ?confirm=true removes it all the same"
            }
        return Problem(kind, description + remedy)
    }
}

/// A part of a path without its percent-encoding (RFC 3986 §2.1); nil where that is wrong.
func percentDecoded(_ text: String) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
        guard byte == UInt8(ascii: "%") else {
            bytes.append(byte)
            continue
        }
        let digits = rest.prefix(2)
        guard digits.count == 2, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
        else { return nil }
        bytes.append(value)
        rest.removeFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
}
