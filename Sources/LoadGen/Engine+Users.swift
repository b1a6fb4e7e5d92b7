extension Engine {
    /// Lets as many users run as the ramp has now, those with the lowest numbers; others end after their flow.
    func follow(_ ramp: UserRamp, of run: PhaseRun, now: UInt64) {
        // In the beginning all users are free.
        let active = run.followed == 0 ? users.count : run.activeUsers
        let wanted = min(users.count, ramp.users(at: now - run.start))
        run.followed = now
        run.activeUsers = wanted
        for _ in 0..<free.count {
            guard let user = free.popFirst() else { break }
            if user.index - numbering.user < wanted { _ = free.append(user) } else { user.isParked = true }
        }
        guard wanted > active else { return }
        for user in users[active..<wanted] where user.isParked {
            user.isParked = false
            _ = free.append(user)
        }
    }

    /// Makes the users free that a ramp had no use for when its phase ended.
    func unparkAll() {
        for user in users where user.isParked {
            user.isParked = false
            _ = free.append(user)
        }
    }
}
