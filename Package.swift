// swift-tools-version: 6.2

import PackageDescription

/// The settings of every target of this package, which get them at the end.
let settings: [SwiftSetting] = [
    // SE-0335: an existential says `any`.
    .enableUpcomingFeature("ExistentialAny"),
    // SE-0409: an import is internal unless it says `public`, so C types cannot slip into an API.
    .enableUpcomingFeature("InternalImportsByDefault"),
    // SE-0444: a member is visible only where its module is imported.
    .enableUpcomingFeature("MemberImportVisibility"),
    // SE-0461: an async function runs where its caller runs, unless it says `@concurrent`.
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    // SE-0458: every touch of C memory says `unsafe`.
    .strictMemorySafety(),
    // SE-0480
    .treatAllWarnings(as: .error),
]

/// The settings of the C targets of this package; `scripts/build-release` adds the compiler's own hardening.
///
/// It is set here and not on the command line, where it would also change the C library's headers as Swift imports them:
/// Clang then refuses the modules, since its functions have different definitions in them.
let hardening: [CSetting] = [.define("_FORTIFY_SOURCE", to: "2", .when(configuration: .release))]

// MARK: - C libraries

let bridged: [Target] = [
    .systemLibrary(name: "CNSS", pkgConfig: "nss", providers: [.apt(["libnss3-dev"])]),
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CSystemd", pkgConfig: "libsystemd", providers: [.apt(["libsystemd-dev"])]),
    // Not linked: it loads libcurl when that is first used, and needs its header only (libcurl4-openssl-dev).
    .target(name: "CCurl", cSettings: hardening),
    .target(name: "CLinuxShims", cSettings: hardening),
]

// MARK: - What both programs share

let shared: [Target] = [
    .target(name: "PostureModel"),
    .target(name: "Blocking", dependencies: ["CLinuxShims"]),
    .target(name: "Files", dependencies: ["CLinuxShims"]),
    .target(name: "OpenSSLBridge", dependencies: ["COpenSSL", "PostureModel"]),
    .target(name: "CurlBridge", dependencies: ["CCurl", "Blocking"]),
    .target(
        name: "ConfigurationFile",
        dependencies: [
            "Files", "OpenSSLBridge", "PostureModel", "Verification",
            .product(name: "TOMLKit", package: "TOMLKit"),
        ]
    ),
    .target(name: "Verification", dependencies: ["PostureModel", "OpenSSLBridge"]),
]

// MARK: - The agent

let agent: [Target] = [
    .target(name: "NSSBridge", dependencies: ["CNSS", "CSQLite", "Blocking", "Files", "PostureModel"]),
    .target(name: "LocalSocket", dependencies: ["Blocking", "CLinuxShims", "Files"]),
    .target(
        name: "SystemdBridge",
        dependencies: [
            "CSystemd", "CLinuxShims", "PostureModel", .product(name: "Logging", package: "swift-log"),
        ]
    ),
    .target(name: "Collectors", dependencies: ["CLinuxShims", "Files", "OpenSSLBridge", "PostureModel"]),
    .target(name: "Watching", dependencies: ["CLinuxShims", "Collectors"]),
    .target(name: "Reporting", dependencies: ["PostureModel", "CurlBridge"]),
    .target(
        name: "Agent",
        dependencies: [
            "PostureModel", "Collectors", "NSSBridge", "OpenSSLBridge", "Verification", "Reporting",
            "Blocking", "ConfigurationFile", "Files", "SystemdBridge",
        ]
    ),
    .target(
        name: "Daemon",
        dependencies: [
            "Agent", "PostureModel", "Reporting", "ConfigurationFile", "LocalSocket", "SystemdBridge", "Watching",
            .product(name: "Logging", package: "swift-log"),
        ]
    ),
    .target(
        name: "Doctor",
        dependencies: [
            "Agent", "Daemon", "PostureModel", "Reporting", "OpenSSLBridge", "ConfigurationFile",
            "LocalSocket", "Blocking", "Files",
        ]
    ),
    .executableTarget(
        name: "postured",
        dependencies: [
            "Agent", "Blocking", "ConfigurationFile", "Daemon", "Doctor", "LocalSocket", "Watching", "PostureModel",
            "Reporting", "SystemdBridge", "Verification",
            .product(name: "ArgumentParser", package: "swift-argument-parser"),
            .product(name: "Logging", package: "swift-log"),
        ]
    ),
]

// MARK: - The scorer

let scorer: [Target] = [
    .target(name: "ScorerModel", dependencies: ["PostureModel"]),
    .target(name: "DeviceIdentity", dependencies: ["PostureModel", "ScorerModel"]),
    .target(name: "Scoring", dependencies: ["PostureModel", "ScorerModel"]),
    .target(name: "ScorerStore", dependencies: ["PostureModel", "ScorerModel"]),
    .target(
        name: "SQLiteStore",
        dependencies: [
            "Files", "PostureModel", "ScorerModel", "ScorerStore",
            .product(name: "GRDB", package: "GRDB.swift"),
            // Which GRDB does not hide: for its progress handler.
            .product(name: "GRDBSQLite", package: "GRDB.swift"),
        ]
    ),
    .target(
        name: "CloudflareAccess",
        dependencies: [
            "CurlBridge", "OpenSSLBridge", "PostureModel", .product(name: "Logging", package: "swift-log"),
        ]
    ),
    .target(
        name: "ScorerCore",
        dependencies: [
            "Blocking", "CloudflareAccess", "ConfigurationFile", "DeviceIdentity", "Files", "OpenSSLBridge",
            "PostureModel",
            "ScorerModel", "ScorerStore", "Scoring", "Verification", .product(name: "Logging", package: "swift-log"),
        ]
    ),
    .target(
        name: "ScorerHTTP",
        dependencies: [
            "CloudflareAccess", "DeviceIdentity", "Files", "OpenSSLBridge", "PostureModel", "ScorerCore", "ScorerModel",
            "ScorerStore",
            .product(name: "HTTPTypes", package: "swift-http-types"),
            .product(name: "Hummingbird", package: "hummingbird"),
            .product(name: "Logging", package: "swift-log"),
            .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "NIOHTTP1", package: "swift-nio"),
            .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        ]
    ),
    .executableTarget(
        name: "posture-scorer",
        dependencies: [
            "CloudflareAccess", "ConfigurationFile", "PostureModel", "SQLiteStore", "ScorerCore", "ScorerHTTP",
            "ScorerModel", "ScorerStore", "Scoring", "SystemdBridge", "Verification",
            .product(name: "ArgumentParser", package: "swift-argument-parser"),
            .product(name: "Logging", package: "swift-log"),
            .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            .product(name: "UnixSignals", package: "swift-service-lifecycle"),
        ]
    ),
]

// MARK: - Tests

/// Throw-away CAs, and databases made by `certutil`, for the tests of both programs.
let testSupport: [Target] = [
    .target(name: "TestSupport", dependencies: ["OpenSSLBridge", "PostureModel"], path: "Tests/TestSupport")
]

/// Devices, clocks and tokens for the tests of the scorer.
let scorerTestSupport: [Target] = [
    .target(
        name: "ScorerTestSupport",
        dependencies: [
            "CloudflareAccess", "DeviceIdentity", "OpenSSLBridge", "PostureModel", "SQLiteStore", "ScorerModel",
            "ScorerStore", "TestSupport", .product(name: "Logging", package: "swift-log"),
        ],
        path: "Tests/ScorerTestSupport"
    )
]

/// The rules of a store, which the tests of each engine check.
let conformance: [Target] = [
    .target(
        name: "StoreConformance",
        dependencies: ["PostureModel", "ScorerModel", "ScorerStore", "TestSupport"],
        path: "Tests/StoreConformance"
    )
]

func tests(of name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: [.byName(name: name), "TestSupport"] + dependencies,
        exclude: exclude
    )
}

let agentTests: [Target] = [
    tests(of: "PostureModel"),
    tests(of: "OpenSSLBridge", ["PostureModel"]),
    tests(of: "Verification", ["PostureModel", "OpenSSLBridge"]),
    tests(of: "Collectors", ["Files", "PostureModel", "OpenSSLBridge"], exclude: ["Fixtures"]),
    tests(of: "Watching", ["CLinuxShims", "NSSBridge", "PostureModel"]),
    tests(of: "Blocking"),
    tests(of: "Files"),
    tests(of: "LocalSocket"),
    tests(of: "NSSBridge", ["Files", "PostureModel"]),
    tests(of: "Reporting", ["CurlBridge", "PostureModel"]),
    tests(of: "SystemdBridge", [.product(name: "Logging", package: "swift-log")]),
    tests(
        of: "Agent",
        [
            "Blocking", "Collectors", "ConfigurationFile", "Files", "LocalSocket", "OpenSSLBridge", "PostureModel",
            "Reporting", "SystemdBridge", "Verification",
        ]
    ),
    tests(
        of: "Daemon",
        [
            "Agent", "Collectors", "LocalSocket", "PostureModel", "Reporting", "Watching",
            .product(name: "Logging", package: "swift-log"),
        ]
    ),
    tests(of: "Doctor", ["PostureModel", "Reporting"]),
]

let scorerTests: [Target] = [
    tests(of: "Scoring", ["PostureModel", "ScorerModel"]),
    // The laws of identity are about scores.
    tests(of: "DeviceIdentity", ["PostureModel", "ScorerModel", "Scoring"]),
    tests(of: "ScorerStore", ["PostureModel", "ScorerModel"]),
    tests(
        of: "SQLiteStore",
        [
            "PostureModel", "SampleFleet", "ScorerModel", "ScorerStore", "StoreConformance",
            .product(name: "GRDB", package: "GRDB.swift"),
        ]
    ),
    tests(of: "CloudflareAccess", ["CurlBridge", "OpenSSLBridge", "PostureModel", "ScorerTestSupport"]),
    tests(
        of: "ScorerCore",
        [
            "CloudflareAccess", "ConfigurationFile", "DeviceIdentity", "OpenSSLBridge", "PostureModel", "SQLiteStore",
            "ScorerModel", "ScorerStore", "ScorerTestSupport", "Scoring", "Verification",
            .product(name: "Logging", package: "swift-log"),
        ]
    ),
    tests(
        of: "ScorerHTTP",
        [
            "Blocking", "CloudflareAccess", "CurlBridge", "DeviceIdentity", "Files", "OpenSSLBridge", "PostureModel",
            "SQLiteStore", "ScorerCore", "ScorerModel", "ScorerStore", "ScorerTestSupport", "Scoring", "Verification",
            .product(name: "HTTPTypes", package: "swift-http-types"),
            .product(name: "Hummingbird", package: "hummingbird"),
            .product(name: "Logging", package: "swift-log"),
            .product(name: "NIOCore", package: "swift-nio"),
        ]
    ),
    // The program as it is built: command line, completions and manual pages.
    .testTarget(
        name: "CommandLineTests",
        dependencies: [
            "CurlBridge", "OpenSSLBridge", "PostureModel", "SQLiteStore", "ScorerCore", "ScorerModel", "ScorerStore",
            "ScorerTestSupport", "TestSupport",
        ]
    ),
]

// MARK: - What the sanitizers run

/// The suites that run under AddressSanitizer: those of what handles C's memory, or bytes from outside.
///
/// docs/testing.md says why not more.
let addressSuites = ["Blocking", "OpenSSLBridge", "Verification", "NSSBridge", "PostureModel"].map { "\($0)Tests" }

/// The suites that run under ThreadSanitizer: what starts threads, or guards something against them.
let threadSuites = ["Blocking", "OpenSSLBridge", "NSSBridge"].map { "\($0)Tests" }

/// The program that libFuzzer drives.
///
/// It has no `main` of its own, so it is in the package only where it is built with libFuzzer's.
let fuzz: [Target] = [
    .systemLibrary(name: "CLibFuzzer", path: "Fuzz/CLibFuzzer"),
    .executableTarget(
        name: "Fuzz",
        dependencies: [
            "CLibFuzzer", "Agent", "Collectors", "ConfigurationFile", "NSSBridge", "OpenSSLBridge", "PostureModel",
            "Verification",
        ],
        path: "Fuzz",
        exclude: ["CLibFuzzer", "Corpus", "leaks.supp", "make-seeds", "seeds"],
        linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])]
    ),
]

// MARK: - Benchmarks

/// A fleet of devices that are not, for benchmarks and for the tests of a store.
let sampleFleet: [Target] = [
    .target(
        name: "SampleFleet",
        dependencies: [
            "DeviceIdentity", "OpenSSLBridge", "PostureModel", "ScorerModel", "ScorerStore", "Scoring", "TestSupport",
        ],
        path: "Bench/SampleFleet"
    )
]

/// The search for the most expensive message, which `scripts/bench-messages` runs, and what fills a store with a fleet.
let benchmarks: [Target] = [
    .executableTarget(
        name: "ExpensiveMessages",
        dependencies: ["OpenSSLBridge", "PostureModel", "TestSupport", "Verification"],
        path: "Bench/ExpensiveMessages"
    ),
    .executableTarget(
        name: "FillStore",
        dependencies: [
            "PostureModel", "SQLiteStore", "SampleFleet",
            .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ],
        path: "Bench/FillStore"
    ),
]

// MARK: - The package

let agentPackages: [Package.Dependency] = [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
]

let scorerPackages: [Package.Dependency] = [
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: []),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    // What Hummingbird's own API is made of.
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
]

/// What the package has: everything, or what `POSTURED_ONLY` names.
enum Part: String {
    /// Both programs and their tests.
    case everything
    /// Without the scorer: a tenth of the time.
    case agent
    /// What `scripts/sanitize address` and `scripts/fuzz` run, in one build.
    case address
    /// What `scripts/sanitize thread` runs.
    case thread
    /// What `scripts/bench-messages` and `scripts/fill-store` run.
    case bench
    /// The pure functions of the scorer with their tests, for `scripts/check-mutants`.
    case laws
}

guard let part = Part(rawValue: Context.environment["POSTURED_ONLY"] ?? "everything") else {
    fatalError("POSTURED_ONLY is agent, address, thread, bench or laws")
}

func only(_ targets: [Target], _ names: [String]) -> [Target] {
    targets.filter { names.contains($0.name) }
}

let targets: [Target] =
    switch part {
    case .everything: agent + scorer + scorerTestSupport + conformance + sampleFleet + agentTests + scorerTests
    case .agent: agent + agentTests
    case .address:
        only(agent, ["NSSBridge", "SystemdBridge", "Collectors", "Reporting", "Agent"]) + fuzz
            + only(agentTests, addressSuites)
    case .thread: only(agent, ["NSSBridge"]) + only(agentTests, threadSuites)
    case .bench:
        only(scorer, ["ScorerModel", "DeviceIdentity", "Scoring", "ScorerStore", "SQLiteStore"]) + sampleFleet
            + benchmarks
    case .laws:
        only(scorer, ["ScorerModel", "DeviceIdentity", "Scoring"])
            + only(scorerTests, ["ScoringTests", "DeviceIdentityTests"])
    }

let programs: [Product] =
    switch part {
    case .everything:
        [
            .executable(name: "postured", targets: ["postured"]),
            .executable(name: "posture-scorer", targets: ["posture-scorer"]),
        ]
    case .agent: [.executable(name: "postured", targets: ["postured"])]
    case .address, .thread, .bench, .laws: []
    }

let package = Package(
    name: "postured",
    products: programs,
    dependencies: (part == .laws ? [] : agentPackages) + ([.everything, .bench].contains(part) ? scorerPackages : []),
    targets: (part == .laws
        ? only(bridged, ["COpenSSL"]) + only(shared, ["PostureModel", "OpenSSLBridge"]) : bridged + shared)
        + targets + testSupport,
    swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system { target.swiftSettings = settings }
