// swift-tools-version: 6.2

import PackageDescription

/// The strictness every Swift target is built with.
///
/// Warnings are errors, an import is internal unless it says
/// otherwise, and a member is visible only where its module is imported by name.
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

/// A room of the house, and beside it the tests that mirror it.
func room(_ name: String, _ dependencies: [Target.Dependency], tests: [Target.Dependency] = []) -> [Target] {
    [
        .target(name: name, dependencies: dependencies, swiftSettings: strict),
        .testTarget(
            name: "\(name)Tests",
            dependencies: [.target(name: name), "TestSupport"] + dependencies + tests,
            swiftSettings: strict
        ),
    ]
}

let package = Package(
    name: "perfgate",
    products: [
        .executable(name: "perfgate", targets: ["perfgate"]),
        .executable(name: "DemoService", targets: ["DemoService"]),
        // Preloaded into services, and found beside the executable; nothing here links it.
        .library(name: "NativeProbe", type: .dynamic, targets: ["NativeProbe"]),
        // Linked into services, which then serve their own profiles.
        .library(name: "PerfgateProbe", targets: ["PerfgateProbe"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .systemLibrary(name: "CDemangle"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "ProcessGuard", dependencies: ["SystemCalls"]),
        .target(name: "SystemCalls"),
        .target(name: "ProbeLayout"),
        .target(name: "NativeProbe", dependencies: ["ProbeLayout"]),
        // The same sources once more, for programs that link them in.
        .target(name: "LinkedProbe", dependencies: ["ProbeLayout"], cSettings: [.define("PROBE_IS_LINKED", to: "1")]),
        .target(
            name: "TestSupport", dependencies: ["HTTPWire", "Measures", "Recordings"], path: "Tests/TestSupport",
            swiftSettings: strict),
    ]
        // Judging: pure.
        + room("Measures", [])
        + room("Profiles", ["CDemangle", "CZlib"], tests: ["Measures"])
        + room("Plans", ["Measures", yams])
        + room("Recordings", ["Measures"])
        + room("Verdicts", ["Measures", "Profiles", "Plans", "Recordings"])
        + room("Reports", ["Measures", "Profiles", "Plans", "Recordings", "Verdicts"])
        // Measuring: effects.
        + room("HTTPWire", [], tests: ["Measures", nioCore, nioEmbedded, nioHTTP1])
        + room("ProbeReader", ["ProbeLayout", "Profiles"], tests: ["Measures"])
        + room("ProbePages", ["ProbeReader", "Profiles"])
        + [
            .target(
                name: "TLSWire", dependencies: ["Plans", nioCore, nioEmbedded, nioSSL, nioTLS], swiftSettings: strict)
        ]
        + room(
            "LoadGen", ["CZlib", "HTTPWire", "Measures", "Plans", "SystemCalls", "TLSWire"],
            tests: [nioCore, nioPosix, nioSSL])
        + room(
            "Captures",
            [
                "HTTPWire", "Plans", "ProbeReader", "Profiles", "ProcessGuard", "Recordings", "SystemCalls", nioCore,
                nioPosix,
            ])
        + room(
            "Gate",
            [
                "Captures", "HTTPWire", "LoadGen", "Measures", "Plans", "ProbeReader", "Profiles", "Recordings",
                "Reports", "Verdicts",
            ]
        )
        + [
            .executableTarget(
                name: "perfgate",
                dependencies: [
                    "Captures", "Gate", "Measures", "Plans", "Profiles", "Recordings", "Reports", "Verdicts",
                    argumentParser,
                ],
                swiftSettings: strict
            ),
            .executableTarget(
                name: "load-bench",
                dependencies: ["HTTPWire", "LoadGen", "Measures", "Plans"],
                path: "Benchmarks/LoadBench",
                swiftSettings: strict
            ),
            .executableTarget(
                name: "probe-bench",
                dependencies: ["HTTPWire", "LoadGen", "Measures", "Plans", "ProbeReader", "Profiles"],
                path: "Benchmarks/ProbeBench",
                swiftSettings: strict
            ),
            .executableTarget(
                name: "verdict-bench",
                dependencies: ["Gate", "Measures", "Plans", "Recordings", "Verdicts"],
                path: "Benchmarks/VerdictBench",
                swiftSettings: strict
            ),
            .executableTarget(
                name: "symbol-bench",
                dependencies: ["Profiles"],
                path: "Benchmarks/SymbolBench",
                swiftSettings: strict
            ),
            // Without tests beside it: whatever links this has its allocations counted, and the tests of all rooms are one
            // program. The fixture below is what is tested.
            .target(
                name: "PerfgateProbe",
                dependencies: ["LinkedProbe", "ProbePages", "ProbeReader", "Profiles", nioCore, nioPosix, nioHTTP1],
                swiftSettings: strict
            ),
            .executableTarget(
                name: "LinkedService",
                dependencies: ["PerfgateProbe", nioCore, nioPosix, nioHTTP1],
                path: "Tests/Fixtures/linked-service",
                swiftSettings: strict
            ),
            .executableTarget(name: "DemoService", dependencies: [nioCore, nioPosix, nioHTTP1], swiftSettings: strict),
            .testTarget(name: "EndToEndTests", dependencies: ["TestSupport"], swiftSettings: strict),
        ]
)
