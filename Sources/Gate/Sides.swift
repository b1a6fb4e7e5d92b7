import Captures
import Plans
import Recordings

#if canImport(Glibc)
    import Glibc
#endif

/// The sides of a run, checked out, built and ready to be started.
struct Sides: Sendable {
    var targets: [Target]
    /// When the first build could begin, in whole seconds since 1970.
    var buildsBegan: Int

    var descriptions: [SideDescription] { targets.map(\.description) }

    /// Prepares the sides, hands them to `body`, and clears away what was checked out for them.
    static func withSides<Result: Sendable>(
        _ request: GateRequest, _ folder: RunFolder, _ listener: @escaping GateListener,
        _ body: (Sides) async throws -> Result
    ) async throws -> Result {
        let began = time(nil)
        func sides(_ targets: [Target]) -> Sides { Sides(targets: targets, buildsBegan: began) }
        let preparation = Preparation(request: request, folder: folder, listener: listener)
        if case .reference(let reference) = request.base { try await preparation.check(reference) }
        let candidate = try await preparation.candidate()
        switch request.base {
        case .none, .recording:
            return try await body(sides([candidate]))
        case .command(let command):
            let name = "command \"\(command)\""
            return try await body(
                sides([preparation.target(.baseline, name: name, command: command), candidate]))
        case .url(let url):
            var target = preparation.target(.baseline, name: url, command: nil)
            target.url = url
            return try await body(sides([target, candidate]))
        case .itself:
            var twin = candidate
            twin.description.role = .baseline
            return try await body(sides([twin, candidate]))
        case .reference(let reference):
            return try await preparation.withBase(reference) { base in
                try await body(sides([base, candidate]))
            }
        }
    }
}

private struct Preparation {
    let request: GateRequest
    let folder: RunFolder
    let listener: GateListener

    init(request: GateRequest, folder: RunFolder, listener: @escaping GateListener) {
        self.request = request
        self.folder = folder
        self.listener = listener
    }

    private var service: Service { request.plan.service }
    /// For all launches of both sides.
    private let symbols = NativeSymbols()

    func target(
        _ role: Side, name: String, command: String?, commit: String? = nil, in directory: String? = nil
    )
        -> Target
    {
        Target(
            description: SideDescription(role: role, name: name, commit: commit, command: command), command: command,
            directory: directory ?? request.planFolder, url: service.url, service: service, symbols: symbols)
    }

    func candidate() async throws(GateError) -> Target {
        if let url = request.candidateURL {
            var result = target(.candidate, name: url, command: nil)
            result.url = url
            return result
        }
        guard let command = request.candidateCommand ?? service.command else {
            return target(.candidate, name: service.url, command: nil)
        }
        try await build(.candidate, in: request.planFolder)
        if request.candidateCommand != nil {
            return target(.candidate, name: "command \"\(command)\"", command: command)
        }
        // Outside a repository there is no version to name.
        guard
            let repository = try? await GitRepository.containing(
                request.planFolder, logs: folder.logPath("git")),
            let checkout = try? await repository.workTree()
        else { return target(.candidate, name: "this folder", command: command) }
        return target(.candidate, name: checkout.name, command: command, commit: checkout.commit)
    }

    /// Before anything is built: builds take minutes, and a mistyped revision is none.
    func check(_ reference: String) async throws(GateError) {
        let repository = try await GitRepository.containing(request.planFolder, logs: folder.logPath("git"))
        _ = try await repository.base(reference)
        _ = try service.connection.socket(in: basePlace + below(repository))
    }

    /// Where the base is checked out.
    private var basePlace: String { Files.resolve(folder.path, in: Files.workingFolder) + "/base" }

    /// The plan's folder below the top of its repository, after a slash; empty at the top.
    private func below(_ repository: GitRepository) -> String {
        request.planFolder.hasPrefix(repository.root + "/")
            ? String(request.planFolder.dropFirst(repository.root.count)) : ""
    }

    func withBase<Result: Sendable>(
        _ reference: String, _ body: (Target) async throws -> Result
    ) async throws -> Result {
        guard let command = service.command else {
            throw GateError.usage("--base needs service.command in \(request.planFile): it starts both sides")
        }
        listener(.preparing("checking out \(reference)"))
        let repository = try await GitRepository.containing(request.planFolder, logs: folder.logPath("git"))
        let place = basePlace
        do {
            let checkout = try await repository.addBase(reference, at: place)
            let below = below(repository)
            let directory = checkout.directory + below
            guard Files.isFolder(directory) else {
                throw GateError.git("--base: \(checkout.name) has no folder \(below.dropFirst())")
            }
            try await build(.baseline, in: directory)
            let result = try await body(
                target(.baseline, name: checkout.name, command: command, commit: checkout.commit, in: directory))
            await repository.removeBase(at: place)
            return result
        } catch {
            await repository.removeBase(at: place)
            throw error
        }
    }

    private func build(_ side: Side, in directory: String) async throws(GateError) {
        guard request.build, let command = service.build else { return }
        listener(.building(side, command))
        var environment = ProcessEnvironment.ofBuilds
        for variable in service.environment { environment[variable.name] = variable.value }
        do throws(GateError) {
            try await ShellCommand(
                directory: directory, output: folder.logPath("build-\(side.rawValue)"), environment: environment
            ).run(command)
        } catch {
            throw .side(side, error)
        }
    }
}
