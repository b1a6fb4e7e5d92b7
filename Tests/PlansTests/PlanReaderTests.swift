import Measures
import Plans
import TestSupport
import Testing

@Suite struct PlanReaderTests {
    @Test func readsServiceAndLoad() throws {
        let plan = try Reading().plan(wholePlan)
        #expect(plan.source == wholePlan)
        #expect(plan.rounds == 13)
        #expect(plan.service.build == "go build -o bin/api ./cmd/api")
        #expect(plan.service.command == "bin/api --listen 127.0.0.1:{port}")
        #expect(
            plan.service.environment == [
                .init(name: "GOMAXPROCS", value: "2"), .init(name: "GODEBUG", value: "gctrace=1"),
                .init(name: "EMPTY", value: ""),
            ])
        #expect(plan.service.ready == .init(path: "/healthz", timeout: .seconds(20)))
        #expect(plan.service.url == "http://127.0.0.1:{port}")
        #expect(plan.service.stopGrace == .seconds(60))
        #expect(plan.service.capture == .init(pprof: "http://127.0.0.1:{port}/debug/pprof"))
        #expect(
            plan.loads
                == [
                    Load(
                        executor: .constantArrivalRate(perSecond: 500), connections: 40, warmup: .zero,
                        work: .requests(2000), timeout: .milliseconds(1500))
                ])
    }

    @Test func readsStages() throws {
        let load = """
            load:
              executor: ramping-arrival-rate
              rate: 0/s
              stages: [ { rate: 6000/min, duration: 10s }, { rate: 100/s, duration: 20s } ]

            """
        let plan = try Reading().plan(Documentation.completed(load))
        let ramp = Ramp(
            start: 0,
            stages: [.init(level: 100, duration: .seconds(10)), .init(level: 100, duration: .seconds(20))])
        #expect(
            plan.loads
                == [
                    Load(
                        executor: .rampingArrivalRate(ramp), connections: 50, warmup: .seconds(2),
                        work: .duration(.seconds(30)), timeout: .seconds(10))
                ])
        #expect(plan.expectedRequests(of: nil) == 2500)
        #expect(plan.loads[0].isOpenLoop)
    }

    @Test func readsASearch() throws {
        let load = """
            load:
              executor: find-capacity
              from: 100/s
              to: 5000/s
              limits: { latency.p99: 50ms, errors.rate: 0.1% }

            """
        let plan = try Reading().plan(Documentation.completed(load))
        let search = CapacitySearch(
            from: 100, to: 5000, precision: 0.05, window: .seconds(2),
            limits: [.init(.latencyP99, maximum: 50e6), .init(.errorsRate, maximum: 0.001)])
        #expect(
            plan.loads
                == [
                    Load(
                        executor: .findCapacity(search), connections: 50, warmup: .seconds(2),
                        work: .duration(.seconds(18)), timeout: .seconds(10))
                ])
        #expect(search.mostRates == 9)
        #expect(plan.search == search)
        #expect(plan.expectedRequests(of: nil) == nil)
        #expect(plan.loads[0].isOpenLoop)
        let steady = plan.steady(at: 700).loads[0]
        #expect(steady.executor == .constantArrivalRate(perSecond: 700))
        #expect(steady.work == .duration(.seconds(10)))
    }

    @Test func readsWhatASearchSays() throws {
        let load = """
            load:
              executor: find-capacity
              from: 600/min
              to: 20/s
              precision: 10%
              window: 1m
              connections: 3
              warmup: 0s
              limits: { errors.rate: 0%, checks.failedRate: 1%, latency.max: 1s }

            """
        let plan = try Reading().plan(Documentation.completed(load))
        #expect(
            plan.search
                == CapacitySearch(
                    from: 10, to: 20, precision: 0.1, window: .seconds(60),
                    limits: [
                        .init(.latencyMax, maximum: 1e9), .init(.errorsRate, maximum: 0),
                        .init(.checksFailedRate, maximum: 0.01),
                    ]))
        #expect(plan.loads[0].connections == 3)
    }

    @Test func readsStagesOfUsers() throws {
        let load = """
            load:
              executor: ramping-vus
              users: 0
              stages:
                - { users: 20, duration: 10s }
                - { users: 5, duration: 500ms }
              warmup: 0s

            """
        let plan = try Reading().plan(Documentation.completed(load))
        let ramp = Ramp(
            start: 0,
            stages: [.init(level: 20, duration: .seconds(10)), .init(level: 5, duration: .milliseconds(500))])
        #expect(
            plan.loads
                == [
                    Load(
                        executor: .rampingUsers(ramp), connections: 20, warmup: .zero,
                        work: .duration(.milliseconds(10_500)), timeout: .seconds(10))
                ])
        #expect(plan.expectedRequests(of: nil) == nil)
        #expect(!plan.loads[0].isOpenLoop)
    }

    @Test func readsSeveralLoads() throws {
        let text = """
            load:
              - { name: browsers, executor: constant-arrival-rate, rate: 100/s, duration: 10s, flows: [browse] }
              - name: buyers
                executor: constant-vus
                users: 3
                requests: 60
                start: 5s
                warmup: 0s
                timeout: 3s
            scenario:
              flows:
                - { name: browse, weight: 3, steps: [ { name: list, get: / } ] }
                - { name: buy, steps: [ { name: order, post: / }, { name: pay, post: / } ] }

            """
        let plan = try Reading().plan(Documentation.completed(text))
        #expect(
            plan.loads
                == [
                    Load(
                        name: "browsers", flows: ["browse"], executor: .constantArrivalRate(perSecond: 100),
                        connections: 50, warmup: .seconds(2), work: .duration(.seconds(10)), timeout: .seconds(10)),
                    Load(
                        name: "buyers", start: .seconds(5), executor: .constantUsers(3), connections: 3, warmup: .zero,
                        work: .requests(60), timeout: .seconds(3)),
                ])
        #expect(plan.expectedRequests(of: nil) == 1060)
        // Of the buyers' 60 requests three fifths are lists, by the weights and lengths of the flows.
        #expect(plan.expectedRequests(of: "list") == 1036)
        #expect(plan.expectedRequests(of: "pay") == 12)
        #expect(plan.expectedRequests(of: "none") == nil)
    }

    @Test func everyFlowIsRunByALoad() throws {
        let text = """
            load:
              - { name: a, executor: constant-vus, users: 1, requests: 1, flows: [browse] }
              - { name: b, executor: constant-vus, users: 1, requests: 1, flows: [browse] }
            scenario:
              flows:
                - { name: browse, steps: [ { name: list, get: / } ] }
                - { name: buy, steps: [ { name: order, post: / } ] }

            """
        #expect(
            Reading.diagnostics { () throws(Diagnostics) in try Reading().plan(Documentation.completed(text)) }
                == "perfgate.yml:2:3: load: no load runs the flow \"buy\" "
                + "(name it in the flows of a load, or remove it)\n")
    }

    @Test func readsFlowsAndData() throws {
        let plan = try Reading().plan(wholePlan)
        #expect(
            plan.scenario.data == [
                .init(name: "users", columns: ["name", "city"], rows: [["ann", "Oslo"], ["bob", "Bergen, west"]]),
                .init(name: "pages", columns: ["number"], rows: [["1"], ["2"], ["3"]]),
            ])
        #expect(plan.scenario.flows.map(\.name) == ["browse", "buy"])
        #expect(plan.scenario.cookies == .user)
        #expect(plan.scenario.flows.map(\.weight) == [4, 1])
        #expect(
            plan.stepNames == [
                "list items", "log in", "order", "upload", "picture", "form", "page", "ping", "allowed", "change",
                "remove",
            ])
        #expect(
            plan.scenario.flows[1].steps.map(\.method) == [
                "POST", "PUT", "POST", "POST", "POST", "GET", "HEAD", "OPTIONS", "PATCH", "DELETE",
            ])
        #expect(
            plan.scenario.flows[0].steps
                == [
                    Scenario.Step(
                        name: "list items", method: "GET",
                        target: Template(
                            segments: [
                                .literal("/items?page="), .variable(.data(set: 1, column: 0)), .literal("&by="),
                                .variable(.data(set: 0, column: 1)),
                            ], escaping: .url),
                        headers: [], body: nil, checks: [.status([200, 304])], captures: [], redirects: 0, timeout: nil)
                ])
    }

    @Test func readsBodiesChecksAndCaptures() throws {
        let steps = try Reading().plan(wholePlan).scenario.flows[1].steps
        let logIn = steps[0]
        #expect(logIn.target == Template(segments: [.literal("/login")], escaping: .url))
        #expect(
            logIn.body
                == .init(
                    contentType: "application/json",
                    content: Template(
                        segments: [
                            .literal("{\"user\":\""), .variable(.data(set: 0, column: 0)),
                            .literal(
                                "\",\"password\":\"s3cret \\\"word\\\"/\",\"remember\":true,"
                                    + "\"limits\":[1,2.5e3,null,\"no\"]}"),
                        ], escaping: .json)))
        #expect(
            logIn.captures == [
                .init(
                    variable: "token",
                    source: .json(
                        JSONPath(elements: [.key("auth"), .key("tokens"), .index(0)], text: "$.auth.tokens[0]"))),
                .init(variable: "place", source: .header("Location")),
            ])
        #expect(logIn.redirects == 3)

        let order = steps[1]
        #expect(
            order.target == Template(segments: [.literal("/orders/s3cret%20%22word%22%2F")], escaping: .url))
        #expect(
            order.headers == [
                .init(
                    name: "Authorization",
                    value: Template(segments: [.literal("Bearer "), .variable(.captured("token"))])),
                .init(name: "X-Count", value: Template(segments: [.literal("3")])),
            ])
        #expect(
            order.body
                == .init(
                    contentType: "text/csv",
                    content: Template(segments: [
                        .literal("user "), .variable(.user), .literal(" takes "), .variable(.iteration),
                        .literal("\n"),
                    ])))
        #expect(order.timeout == .milliseconds(250))
        #expect(
            order.checks == [
                .status([201]),
                .header(name: "Content-Type", contains: Template(segments: [.literal("json")])),
                .bodyContains(Template(segments: [.literal("accepted")])),
                .bodyContains(Template(segments: [.variable(.data(set: 0, column: 0))])),
                .json(path: JSONPath(elements: [.key("state")], text: "$.state"), equals: .string("accepted")),
                .json(path: JSONPath(elements: [.key("count")], text: "$.count"), equals: .number(2)),
                .json(path: JSONPath(elements: [.key("ok")], text: "$.ok"), equals: .bool(true)),
                .json(path: JSONPath(elements: [.key("error")], text: "$.error"), equals: .null),
            ])
        #expect(
            steps[2].body
                == .init(contentType: "application/xml", content: .bytes(Array("<order/>\n".utf8))))
        #expect(!steps.contains { !$0.isCompressed })
        #expect(order.auth == nil)
        #expect(steps[3].auth == .bearer(Template(segments: [.variable(.captured("token"))])))
        #expect(
            logIn.auth
                == .basic(
                    user: Template(segments: [.variable(.data(set: 0, column: 0))]),
                    password: Template(segments: [.literal("s3cret \"word\"/")])))
        #expect(steps[3].body == .init(contentType: "application/octet-stream", content: .bytes([0x89, 0x50, 0xFF])))
        #expect(
            steps[4].body
                == .init(
                    contentType: "multipart/form-data",
                    content: .form([
                        .init(
                            name: "title", filename: nil, contentType: nil,
                            content: .text(
                                Template(segments: [.literal("by "), .variable(.data(set: 0, column: 0))]))),
                        .init(
                            name: "photo", filename: "photo.png", contentType: "image/png",
                            content: .bytes([0x89, 0x50, 0xFF])),
                        .init(
                            name: "order", filename: "o.xml", contentType: "application/octet-stream",
                            content: .bytes(Array("<order/>\n".utf8))),
                    ])))
        #expect(
            steps[5].checks == [
                .bodyMatches(try Pattern("<h1>\\w+</h1>")), .size(minimum: 0, maximum: 1536),
                .time(maximum: .milliseconds(200)),
            ])
        #expect(
            steps[5].captures == [
                .init(variable: "csrf", source: .pattern(try Pattern("name=\"csrf\" value=\"([^\"]+)\"")))
            ])
        #expect(
            steps[8].body
                == .init(
                    contentType: "application/json", content: Template(segments: [.literal("[]")], escaping: .json))
        )
    }

    @Test func takesTheDocumentedDefaults() throws {
        let plan = try Reading().plan(
            """
            version: 1
            service: { url: "http://localhost:8080/base", ready: { get: / } }
            load: { executor: constant-vus, users: 20, duration: 10s }
            scenario: { flows: [ { name: a, steps: [ { name: b, get: / } ] } ] }
            """)
        #expect(plan.rounds == 20)
        #expect(plan.service.build == nil)
        #expect(plan.service.command == nil)
        #expect(plan.service.environment == [])
        #expect(plan.service.ready == .init(path: "/", timeout: .seconds(30)))
        #expect(plan.service.stopGrace == .seconds(5))
        #expect(plan.service.capture == .init(pprof: nil))
        #expect(
            plan.loads
                == [
                    Load(
                        executor: .constantUsers(20), connections: 20, warmup: .seconds(2),
                        work: .duration(.seconds(10)),
                        timeout: .seconds(10))
                ])
        #expect(plan.scenario.flows[0].weight == 1)
        #expect(plan.scenario.cookies == .flow)
        #expect(plan.scenario.flows[0].steps[0].redirects == 0)
    }

    @Test func takesFiftyConnectionsInAnOpenLoop() throws {
        let text = wholePlan.replacing("  connections: 40\n", with: "")
        #expect(try Reading().plan(text).loads[0].connections == 50)
    }

    @Test func readsTheRepositorysOwnPlanAndBudgets() throws {
        let plan = try #require(Repository.contents(Repository.root + "/perfgate.yml"))
        let budgets = try #require(Repository.contents(Repository.root + "/thresholds.json"))
        var reading = Reading()
        let pages = try #require(Repository.bytes(Repository.root + "/ci/pages.csv"))
        reading.files["ci/pages.csv"] = pages
        let (read, limits) = try reading.both(plan, budgets)
        #expect(read.stepNames == ["list items", "order"])
        #expect(read.loads[0].executor == .constantArrivalRate(perSecond: 400))
        #expect(read.scenario.data[0].rows.count == 50)
        #expect(limits.all.count == 12)
    }
}
