import Dispatch
import Foundation
import PostureModel
import TestSupport
import Testing

@testable import Agent

@Suite("The device's key")
struct DeviceKeyTests {
    let directory: TemporaryDirectory
    var state: String { directory.file("state") }
    var file: String { directory.file("state/device-key.pem") }

    init() throws { directory = try TemporaryDirectory("device") }

    func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test("is made once, for its owner only, and is the same afterwards")
    func once() throws {
        let first = try DeviceKey(in: state)
        #expect(try mode(file) == 0o600)
        #expect(try mode(state) == 0o700)
        #expect(try FileManager.default.contentsOfDirectory(atPath: state) == ["device-key.pem"])
        let bytes = try contents(of: file)
        #expect(try DeviceKey(in: state).device == first.device)
        #expect(try contents(of: file) == bytes)
        #expect(try DeviceKey(in: directory.file("other")).device != first.device)
    }

    @Test("is the same for twenty that start at once", arguments: 1...20)
    func concurrent(round: Int) throws {
        let (state, devices) = (state, Collected<String>())
        // Threads of their own: tasks would start one after the other on few cores.
        let (isReady, start) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let threads = DispatchGroup()
        for _ in 0..<20 {
            threads.enter()
            Thread.detachNewThread {
                isReady.signal()
                start.wait()
                do { devices.add(try DeviceKey(in: state).device.rawValue) } catch { devices.add("\(error)") }
                threads.leave()
            }
        }
        for _ in 0..<20 { isReady.wait() }
        for _ in 0..<20 { start.signal() }
        try #require(threads.wait(timeout: .now() + 120) == .success)
        #expect(devices.all.count == 20)
        #expect(Set(devices.all).count == 1, "\(Set(devices.all))")
        #expect(try FileManager.default.contentsOfDirectory(atPath: state) == ["device-key.pem"])
    }

    @Test("does not mind what a crash left beside it")
    func draft() throws {
        try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
        for name in ["device-key.pem.\(getpid())", "device-key.pem.1", "device-key.pem.AAAAAA"] {
            try directory.write("half a k".utf8, to: "state/\(name)")
        }
        let device = try DeviceKey(in: state).device
        #expect(try DeviceKey(in: state).device == device)
    }

    @Test("gives an id that is the thumbprint of RFC 7638, as openssl has it")
    func thumbprint() throws {
        let device = try DeviceKey(in: state).device
        // The DER of a P-256 public key ends with the point: 4, x, y.
        let der = try runTool("openssl", ["pkey", "-in", file, "-pubout", "-outform", "DER"]).bytes
        let (x, y) = (der.suffix(64).prefix(32), der.suffix(32))
        let jwk = #"{"crv":"P-256","kty":"EC","x":"\#(base64url(x))","y":"\#(base64url(y))"}"#
        let input = try directory.write(jwk.utf8, to: "jwk")
        let hash = try runTool("openssl", ["dgst", "-sha256", "-binary", input]).bytes
        #expect(device.rawValue == base64url(hash))
    }

    /// What is said of the file as it is; it is not touched.
    func complaint() throws -> String {
        let before = try contents(of: file)
        let error = try #require(throws: (any Error).self) { try DeviceKey(in: state) }
        #expect(try contents(of: file) == before)
        let text = "\(error)"
        #expect(text.hasPrefix("\(file): "))
        return text
    }

    @Test("that is damaged is an error that says what to do, and is not replaced")
    func damaged() throws {
        _ = try DeviceKey(in: state)
        let whole = try contents(of: file)
        for bytes in [Array(whole.dropLast(60)), [], Array("garbage".utf8), [UInt8](repeating: 0, count: 100)] {
            let handle = try #require(FileHandle(forWritingAtPath: file))
            try handle.truncate(atOffset: 0)
            try handle.write(contentsOf: Data(bytes))
            try handle.close()
            #expect(try complaint().contains("restore it, or delete it to become a new device"))
        }
    }

    @Test("of another kind is an error that says so", arguments: ["RSA", "P-384", "password"])
    func otherKind(kind: String) throws {
        _ = try DeviceKey(in: state)
        switch kind {
        case "RSA": try runTool("openssl", ["genrsa", "-out", file, "2048"])
        case "P-384": try runTool("openssl", ["ecparam", "-genkey", "-noout", "-name", "secp384r1", "-out", file])
        default:
            try runTool(
                "openssl",
                [
                    "genpkey", "-algorithm", "EC", "-out", file, "-aes256", "-pass", "pass:test",
                    "-pkeyopt", "ec_paramgen_curve:P-256",
                ]
            )
        }
        let text = try complaint()
        #expect(text.contains(kind == "password" ? "is not a private key" : "is not a P-256 key"), "\(text)")
        #expect(text.contains("restore it, or delete it to become a new device"))
    }

    @Test("that others may read is an error that says how to mend it", arguments: [0o640, 0o604, 0o660, 0o777])
    func readable(mode: Int) throws {
        _ = try DeviceKey(in: state)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
        #expect(try complaint().contains("chmod 600"))
    }

    @Test("that is a symbolic link, or no file at all, is an error that says so")
    func link() throws {
        let other = try DeviceKey(in: directory.file("other"))
        try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
        for target in [directory.file("other/device-key.pem"), directory.file("nowhere"), "/dev/null"] {
            try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: target)
            let error = try #require(throws: (any Error).self) { try DeviceKey(in: state) }
            #expect("\(error)".contains("not a regular file"), "\(error)")
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: file) == target)
            try FileManager.default.removeItem(atPath: file)
        }
        try FileManager.default.createDirectory(atPath: file, withIntermediateDirectories: true)
        let error = try #require(throws: (any Error).self) { try DeviceKey(in: state) }
        #expect("\(error)".contains("not a regular file"), "\(error)")
        #expect(try DeviceKey(in: directory.file("other")).device == other.device)
    }

    @Test("needs a directory that can be made, and names it")
    func noDirectory() throws {
        let path = directory.file("a/b")
        let error = try #require(throws: (any Error).self) { try DeviceKey(in: path) }
        #expect("\(error)" == "\(path): cannot be made: No such file or directory")
    }
}

private func base64url(_ bytes: some Sequence<UInt8>) -> String {
    Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
}
