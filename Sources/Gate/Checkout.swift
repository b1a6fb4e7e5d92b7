import Captures
import Recordings

/// A version of the project on disk, ready to be built.
struct Checkout: Sendable {
    var directory: String
    var name: String
    var commit: String?
}

/// The few things asked of git.
struct GitRepository: Sendable {
    /// Top of the work tree.
    let root: String
    private let shell: ShellCommand

    /// The repository that `folder` is in.
    static func containing(_ folder: String, logs: String) async throws(GateError) -> GitRepository {
        let shell = ShellCommand(directory: folder, output: logs)
        let root = try await shell.line("git rev-parse --show-toplevel")
        return GitRepository(root: root, shell: ShellCommand(directory: root, output: logs))
    }

    /// The version in the work tree, as it is.
    func workTree() async throws(GateError) -> Checkout {
        let commit = try await shell.line("git rev-parse HEAD")
        // An untracked file can be part of what is built; the folders of runs ignore themselves.
        let changes = try await shell.run("git status --porcelain 2>/dev/null")
        let branch = try await shell.line("git rev-parse --abbrev-ref HEAD")
        let name = branch == "HEAD" ? String(commit.prefix(9)) : "\(branch) (\(commit.prefix(9)))"
        return Checkout(
            directory: root, name: name + (changes.isEmpty ? "" : SideDescription.uncommitted), commit: commit)
    }

    /// The commit a revision names, and the one it has in common with what is checked out.
    func base(_ reference: String) async throws(GateError) -> (tip: String, base: String) {
        guard !reference.hasPrefix("-"), !reference.isEmpty else {
            throw .usage("--base: \"\(reference)\" is not a revision")
        }
        let quoted = ShellCommand.quote(reference)
        let tip: String
        do throws(GateError) {
            tip = try await shell.line("git rev-parse --verify --quiet --end-of-options \(quoted)'^{commit}'")
        } catch {
            throw .git("--base: git knows no revision \"\(reference)\"; fetch it first (in CI: with its history)")
        }
        let base: String
        do throws(GateError) {
            base = try await shell.line("git merge-base \(tip) HEAD")
        } catch {
            throw .git(
                "--base: \"\(reference)\" and HEAD have no common ancestor here; in CI, fetch the whole history "
                    + "(fetch-depth: 0)")
        }
        return (tip, base)
    }

    /// Checks out the merge base of `reference` and HEAD into `folder`.
    func addBase(_ reference: String, at folder: String) async throws(GateError) -> Checkout {
        let (tip, base) = try await base(reference)
        // What an earlier run, ended by force, left behind.
        _ = try? await shell.run("git worktree prune")
        _ = try await shell.run("git worktree add --force --detach --quiet \(ShellCommand.quote(folder)) \(base)")
        let relation = base == tip ? "" : "merge base with "
        return Checkout(directory: folder, name: "\(relation)\(reference) (\(base.prefix(9)))", commit: base)
    }

    func removeBase(at folder: String) async {
        _ = try? await shell.run(
            "git worktree remove --force --force \(ShellCommand.quote(folder))", heedsCancellation: false)
    }
}
