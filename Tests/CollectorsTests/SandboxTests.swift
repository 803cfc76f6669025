import Glibc
import Testing

@testable import Collectors

/// A filter of system calls cannot be taken off again: it is for a process of its own.
@Suite("A host's root under RestrictSUIDSGID=", .timeLimit(.minutes(5)))
struct SandboxTests {
    @Test("is read without openat2(2), which that refuses; another tree, which could lead out, is not")
    func withoutOpenat2() async {
        await #expect(processExitsWith: .success) {
            let fixture = try TemporaryRoot(["file": "text"])
            let tree = try fixture.root()
            let machine = try HostRoot()
            try refuse(call: 437, with: ENOSYS)
            let release = try machine.text(at: "/proc/sys/kernel/osrelease")
            #expect(!release.isEmpty)
            let entries = try machine.entries(of: "/proc/sys/kernel/random")
            #expect(entries.contains("boot_id"))
            #expect(error { try machine.bytes(at: "/no/such/file") }?.code == ENOENT)
            #expect(error { try tree.bytes(at: "file") } == HostReadError(path: "/file", code: ENOSYS))
        }
    }
}

/// Makes a system call fail from now on, as SystemCallFilter= does: seccomp(2), with a program of bpf(4).
private func refuse(call: UInt32, with error: CInt) throws {
    typealias Control = @convention(c) (CInt, UInt, UInt, UInt, UInt) -> CInt
    // Variadic in C; the arguments are passed in registers all the same.
    let prctl = unsafe unsafeBitCast(dlsym(nil, "prctl"), to: Control.self)
    struct Instruction {
        var code: UInt16
        var whenTrue: UInt8 = 0
        var whenFalse: UInt8 = 0
        var value: UInt32
    }
    var program = [
        Instruction(code: 0x20, value: 0),  // load seccomp_data.nr
        Instruction(code: 0x15, whenFalse: 1, value: call),  // is it this call?
        Instruction(code: 0x06, value: 0x0005_0000 | UInt32(error)),  // SECCOMP_RET_ERRNO
        Instruction(code: 0x06, value: 0x7FFF_0000),  // SECCOMP_RET_ALLOW
    ]
    try #require(prctl(38, 1, 0, 0, 0) == 0)  // PR_SET_NO_NEW_PRIVS
    unsafe try program.withUnsafeMutableBufferPointer { buffer in
        let fields = (UInt(buffer.count), UInt(bitPattern: buffer.baseAddress))  // struct sock_fprog
        try unsafe withUnsafePointer(to: fields) { pointer in
            try #require(prctl(22, 2, UInt(bitPattern: pointer), 0, 0) == 0)  // PR_SET_SECCOMP, a filter
        }
    }
}
