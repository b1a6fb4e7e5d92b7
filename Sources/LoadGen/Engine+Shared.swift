import HTTPWire

/// Requests on connections that users share.
extension Engine {
    /// Opens a connection of the group's.
    func open(_ group: UserGroup) throws(ConnectionFailure) {
        let shared = SharedLink(group, engine: self)
        try shared.connect()
        group.current = shared
    }

    /// Makes a user's request wait for the group's connection, opening one where there is none.
    func join(_ group: UserGroup, _ user: VirtualUser) {
        user.state = .connecting
        if group.current?.session.isClosing == true { group.current = nil }
        if group.current == nil {
            do throws(ConnectionFailure) {
                try open(group)
            } catch {
                let now = clock()
                return end(user, .unreachable(error.description), at: now, now: now, rests: true)
            }
        }
        group.wait(user)
    }

    /// A shared connection is open, or cannot be opened.
    func connected(_ shared: SharedLink, _ link: Link, _ failure: ConnectionFailure?) {
        if failure != nil { shared.close() } else { shared.flush() }
        if let opening { return opening.ended(failure) }
        if failure == nil {
            run?.connectionsOpened += 1
            return sendWaiting(of: shared.group)
        }
        let now = clock()
        for user in shared.group.takeWaiting() {
            end(user, .unreachable(failure?.description ?? ""), at: now, now: now, rests: true)
        }
    }

    /// Sends the requests that wait for a connection or for room on it, as many as there is room for.
    func sendWaiting(of group: UserGroup) {
        let users = group.takeWaiting()
        guard !users.isEmpty else { return }
        let now = clock()
        for user in users where user.state == .connecting {
            if group.hasRoom, let link = group.current?.link {
                sendFirst(user, over: link, now: now)
            } else {
                join(group, user)
            }
        }
    }

    /// Sends the request that was rendered last.
    func send(_ user: VirtualUser, on shared: SharedLink?) {
        guard let shared else { return lost(user, "connection closed before the request was sent") }
        user.stream = shared
        switch shared.request(request.bytes, slot: user.slot) {
        case .opened: break
        case .full, .closing: lost(user, "connection closed before the request was sent")
        case .malformed: lost(user, "the request cannot be sent over HTTP/2")
        }
    }

    func receivedHead(by user: VirtualUser, over shared: SharedLink) {
        guard user.stream === shared, user.state == .awaitingResponse else { return }
        if user.firstByte == 0 { user.firstByte = clock() }
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

    /// A request has failed alone; one the service has not looked at is sent again on another connection.
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
