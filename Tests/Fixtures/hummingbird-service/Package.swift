// swift-tools-version: 6.2

import PackageDescription

// A package of its own, so that perfgate itself does not depend on a web framework.
let package = Package(
    name: "hummingbird-service",
    products: [
        .executable(name: "hummingbird-service", targets: ["HummingbirdService"])
    ],
    dependencies: [
        // Without the support for configuration files, which costs a package to build and is not used.
        .package(
            url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: ["FullFoundation"])
    ],
    targets: [
        .executableTarget(
            name: "HummingbirdService",
            dependencies: [.product(name: "Hummingbird", package: "hummingbird")],
            swiftSettings: [
                .treatAllWarnings(as: .error),
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("MemberImportVisibility"),
            ]
        )
    ]
)
