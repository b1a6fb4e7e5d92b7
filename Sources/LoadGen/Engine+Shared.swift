import HTTPWire

/// Requests on connections that users share.
extension Engine {
    /// Opens a connection of the group's.
    func open(_ group: UserGroup) throws(ConnectionFailure) {
        let shared = SharedLink(group, engine: self)
        try shared.connect()
        group.current = shared
    }

    /// Makes a user's request wait for its turn on the group's connection.
    func join(_ group: UserGroup, _ user: VirtualUser) {
        user.state = .connecting
        group.wait(user)
        sendWaiting(of: group)
    }

    /// A shared connection is open, or cannot be opened.
    func connected(_ shared: SharedLink, _ link: Link, _ failure: ConnectionFailure?) {
        if failure != nil { shared.close() } else { shared.flush() }
        if let opening { return opening.ended(failure) }
        if let failure { return giveUpWaiting(of: shared.group, failure) }
        run?.connectionsOpened += 1
        sendWaiting(of: shared.group)
    }

    /// Sends the requests that wait for a connection or for room on it, as many as there is room for; opens a connection
    /// where there is none.
    func sendWaiting(of group: UserGroup) {
        guard group.hasWaiting else { return }
        if group.current?.session.isClosing == true { group.current = nil }
        if group.current == nil {
            do throws(ConnectionFailure) {
                try open(group)
            } catch {
                return giveUpWaiting(of: group, error)
            }
        }
        let now = clock()
        while group.hasRoom, let link = group.current?.link, let user = group.popWaiting() {
            sendFirst(user, over: link, now: now)
        }
    }

    /// Ends the requests that wait for a connection that cannot be opened.
    private func giveUpWaiting(of group: UserGroup, _ failure: ConnectionFailure) {
        var users: [VirtualUser] = []
        while let user = group.popWaiting() { users.append(user) }
        let now = clock()
        // Whoever begins anew meanwhile waits anew, and is not meant.
        for user in users where user.state == .connecting && !user.isWaiting {
            end(user, .unreachable(failure.description), at: now, now: now, rests: true)
        }
    }

    /// Gives a shared connection up that a request's time-out shows to be dead; the next request opens another.
    ///
    /// It is dead where it took that long to open, or where nothing came over it since the request was sent.
    func doubt(_ user: VirtualUser, now: UInt64) {
        guard let group = user.group else { return }
        if let stream = user.stream, user.state == .awaitingResponse {
            if stream.receptions == user.receptionsAtSend { stream.retire() }
        } else if let current = group.current, !current.isOpen, now - min(now, current.begun) >= user.step.timeout {
            current.close()
        }
    }

    /// Sends the request that was rendered last.
    func send(_ user: VirtualUser, on shared: SharedLink?) {
        guard let shared else { return lost(user, "connection closed before the request was sent") }
        user.stream = shared
        user.receptionsAtSend = shared.receptions
        switch shared.request(request.bytes, slot: user.slot) {
        case .opened: break
        case .full, .closing: lost(user, "connection closed before the request was sent")
        case .malformed: lost(user, "the request cannot be sent over HTTP/2")
        }
    }

    func receivedHead(by user: VirtualUser, over shared: SharedLink) {
        guard user.stream === shared, user.state == .awaitingResponse else { return }
        if user.firstByte == 0 { user.firstByte = clock() }
        run?.recorders[user.step.index].received(user.response.size)
        if user.step.decodes, user.response.hasContentEncoding { beginDecoding(for: user) }
    }

    func received(body piece: UnsafeRawBufferPointer, by user: VirtualUser, over shared: SharedLink) {
        guard user.stream === shared, user.state == .awaitingResponse else { return }
        run?.recorders[user.step.index].received(piece.count)
        take(piece, of: user)
    }

    func completed(_ user: VirtualUser, over shared: SharedLink) {
        guard user.stream === shared, user.state == .awaitingResponse else { return }
        complete(user, now: clock())
    }

    /// A request has failed alone; one the service has not looked at is sent again, at once where there is room.
    func failed(_ user: VirtualUser, over shared: SharedLink, _ error: HTTP2Error) {
        guard user.stream === shared, user.state == .awaitingResponse else { return }
        user.stream = nil
        guard error.isUnprocessed, user.resends < UserGroup.maximumResends else {
            return lose(user, .failed(error.description))
        }
        user.resends += 1
        proceed(user, now: clock())
    }

    /// A request is lost with its connection.
    func lost(_ user: VirtualUser, _ reason: String) {
        user.stream = nil
        guard user.state == .awaitingResponse else { return }
        lose(user, .failed(reason))
    }
}
