/// The plan that ``planMistakes`` spoil.
let smallPlan = """
    version: 1
    service:
      build: make
      command: bin/api {port}
      env: { MODE: fast }
      ready: { get: /healthz, timeout: 20s }
      url: http://127.0.0.1:{port}
      stop: { grace: 5s }
      capture: { pprof: "http://127.0.0.1:{port}/debug/pprof" }
    load:
      executor: constant-arrival-rate
      rate: 500/s
      connections: 40
      warmup: 2s
      requests: 2000
      timeout: 10s
    rounds: 8
    scenario:
      data: { users: ci/users.csv }
      flows:
        - name: browse
          weight: 4
          steps:
            - name: log in
              post: /login
              json: { user: "{{users.name}}" }
              capture: { token: $.token }
            - name: list items
              get: "/items?by={{users.city}}"
              headers: { Authorization: "Bearer {{token}}" }
              check: { status: 200, body: item }
              redirects: 2

    """

/// The load of ``smallPlan``.
let smallLoad = """
    load:
      executor: constant-arrival-rate
      rate: 500/s
      connections: 40
      warmup: 2s
      requests: 2000
      timeout: 10s

    """

/// Mistakes in the notation itself.
let notationMistakes: [Mistake] = [
    Mistake("build: make", "build: &build make"),
    Mistake("build: make", "build: *build"),
    Mistake("env: { MODE: fast }", "env:\n    <<: { MODE: fast }"),
    Mistake("version: 1", "version: !!str 1"),
    Mistake("env: { MODE: fast }", "env: !custom { MODE: fast }"),
    Mistake("status: 200", "status: !!seq [200]"),
    Mistake("  build: make", "\tbuild: make"),
    Mistake("rounds: 8", "rounds: 8\n---\nversion: 1"),
    Mistake("build: make", "build: make\u{7}"),
    Mistake("build: make", "build: make\n  build: make all"),
    Mistake("build: make", "build: make\n  build: a\n  \"build\": b"),
    Mistake("env: { MODE: fast }", "env: { MODE: fast, ? [a] : b }"),
    Mistake("env: { MODE: fast }", "env: { MODE: fast, ? [a] : b, ? [a] : c }"),
    Mistake("env: { MODE: fast }", "env: { MODE: fast"),
    Mistake("capture: { token: $.token }", "capture: { token: $.tokens[0] }"),
    Mistake("name: browse", "name: \"browse"),
    Mistake("build: make", "build: make: all"),
    Mistake("build: make", "build: \"\\q\""),
    Mistake("status: 200", "status: " + String(repeating: "[", count: 70) + String(repeating: "]", count: 70)),
    Mistake("status: 200", "status: " + String(repeating: "[", count: 1500)),
    Mistake("build: make", "build: {a: &a [1], b: [" + String(repeating: "*a, ", count: 20) + "]}"),
]

/// Mistakes in service and load.
let serviceMistakes: [Mistake] = [
    Mistake("version: 1\n", ""),
    Mistake("version: 1", "version: 2"),
    Mistake("version: 1", "version: \"1\""),
    Mistake("version: 1", "version: one"),
    Mistake("rounds: 8", "rounds: 8\nsenario: {}"),
    Mistake("rounds: 8", "rounds: 0"),
    Mistake("rounds: 8", "rounds: 101"),
    Mistake("rounds: 8", "rounds: 8.0"),
    Mistake("rounds: 8", "rounds: 010"),
    Mistake("rounds: 8", "rounds: 0x8"),
    Mistake("rounds: 8", "rounds: 1_0"),
    Mistake("rounds: 8", "rounds: yes"),
    Mistake("rounds: 8", "rounds: true"),
    Mistake("rounds: 8", "rounds:"),
    Mistake("rounds: 8", "rounds: 99999999999999999999"),
    Mistake("build: make", "build: 7"),
    Mistake("build: make", "build: \" \""),
    Mistake("build: make", "build: make PORT={port}"),
    Mistake("command: bin/api {port}", "command: bin/api"),
    Mistake("command: bin/api {port}", "command: bin/api ${port}"),
    Mistake("  command: bin/api {port}\n", ""),
    Mistake("env: { MODE: fast }", "env: { MODE: }"),
    Mistake("env: { MODE: fast }", "env: { 2ND: fast, A-B: slow }"),
    Mistake("env: { MODE: fast }", "env: [MODE, fast]"),
    Mistake("env: { MODE: fast }", "env: { MODE: { a: b } }"),
    Mistake("env: { MODE: fast }", "env: { MODE: \"{{env.MODE}}\" }"),
    Mistake("env: { MODE: fast }", "env: { MODE: \"a\\0b\" }"),
    Mistake("  ready: { get: /healthz, timeout: 20s }\n", ""),
    Mistake("ready: { get: /healthz, timeout: 20s }", "ready: /healthz"),
    Mistake("ready: { get: /healthz, timeout: 20s }", "ready: { path: /healthz }"),
    Mistake("get: /healthz", "get: healthz"),
    Mistake("get: /healthz", "get: /health check"),
    Mistake("get: /healthz", "get: \"http://127.0.0.1:{port}/healthz\""),
    Mistake("timeout: 20s", "timeout: 20"),
    Mistake("timeout: 20s", "timeout: 20 seconds"),
    Mistake("timeout: 20s", "timeout: 0s"),
    Mistake("timeout: 20s", "timeout: 25h"),
    Mistake("timeout: 20s", "timeout: 2000m"),
    Mistake("timeout: 20s", "timeout: [20s]"),
    Mistake("  url: http://127.0.0.1:{port}\n", ""),
    Mistake("url: http://127.0.0.1:{port}", "url: http://127.0.0.1:8080"),
    Mistake("url: http://127.0.0.1:{port}", "url: ftp://127.0.0.1:{port}"),
    Mistake("url: http://127.0.0.1:{port}", "url: 127.0.0.1:{port}"),
    Mistake("url: http://127.0.0.1:{port}", "url: http://:{port}"),
    Mistake("url: http://127.0.0.1:{port}", "url: http://127.0.0.1:{prot}"),
    Mistake("url: http://127.0.0.1:{port}", "url: http://127.0.0.1:65536"),
    Mistake("url: http://127.0.0.1:{port}", "url: http://me@127.0.0.1:{port}"),
    Mistake("url: http://127.0.0.1:{port}", "url: http://127.0.0.1:{port}/a?b=c"),
    Mistake("url: http://127.0.0.1:{port}", "url: \"http://127.0.0.1:{port}/a b\""),
    Mistake("url: http://127.0.0.1:{port}", "url: \"http://[::1:{port}\""),
    Mistake("url: http://127.0.0.1:{port}", "url: \"http://{{env.HOST}}:{port}\""),
    Mistake("stop: { grace: 5s }", "stop: 5s"),
    Mistake("stop: { grace: 5s }", "stop: {}"),
    Mistake("stop: { grace: 5s }", "stop: { grase: 5s }"),
    Mistake("capture: { pprof: \"http://127.0.0.1:{port}/debug/pprof\" }", "capture: { native: auto, prometheus: x }"),
    Mistake("capture: { pprof: \"http://127.0.0.1:{port}/debug/pprof\" }", "capture: { native: on }"),
    Mistake("capture: { pprof: \"http://127.0.0.1:{port}/debug/pprof\" }", "capture: { pprof: true }"),
    Mistake("executor: constant-arrival-rate", "executor: ramping-arrival-rate"),
    Mistake("executor: constant-arrival-rate", "executor: constant-arival-rate"),
    Mistake("executor: constant-arrival-rate", "executor: 7"),
    Mistake("executor: constant-arrival-rate", "executor: constant-vus"),
    Mistake("  executor: constant-arrival-rate\n", ""),
    Mistake("  rate: 500/s\n", ""),
    Mistake("rate: 500/s", "rate: 500"),
    Mistake("rate: 500/s", "rate: 500/h"),
    Mistake("rate: 500/s", "rate: 500ms"),
    Mistake("rate: 500/s", "rate: 0/s"),
    Mistake("rate: 500/s", "rate: -5/s"),
    Mistake("rate: 500/s", "rate: 1000001/s"),
    Mistake("rate: 500/s", "rate: fast"),
    Mistake("rate: 500/s", "rate: 500/s\n  users: 20"),
    Mistake("connections: 40", "connections: 0"),
    Mistake("connections: 40", "connections: many"),
    Mistake("connections: 40", "connections: 10001"),
    Mistake("warmup: 2s", "warmup: -1s"),
    Mistake("warmup: 2s", "warmup: 0"),
    Mistake("  requests: 2000\n", ""),
    Mistake("requests: 2000", "requests: 2000\n  duration: 10s"),
    Mistake("requests: 2000", "requests: 2e3"),
    Mistake("requests: 2000", "requests: \"2000\""),
    Mistake("requests: 2000", "requests: 100000001"),
    Mistake("requests: 2000", "duration: 0ms"),
    Mistake("requests: 2000", "requests: 50000000"),
    Mistake("rate: 500/s", "rate: 500/s\n  stages: [ { rate: 5/s, duration: 5s } ]"),
    ramping("[ { rate: 5/s, duration: 5s } ]\n  requests: 2000"),
    ramping("[ { rate: 5/s, duration: 5s } ]\n  duration: 5s\n  users: 5"),
    ramping("5/s"), ramping("[]"), ramping("[ 5/s ]"), ramping("[ { rate: 5/s } ]"), ramping("[ { duration: 5s } ]"),
    ramping("[ { users: 5, duration: 5s } ]"), ramping("[ { rate: 5, duration: 5 } ]"),
    ramping("[ { rate: 1000001/s, duration: 5s } ]"), ramping("[ { rate: 0/s, duration: 5s } ]"),
    ramping("[ { rate: 5/s, duration: 15h }, { rate: 5/s, duration: 15h } ]"),
    ramping("[ { target: 5/s, duration: 5s } ]"),
    users("5"), users("5\n  stages: [ { rate: 5/s, duration: 5s } ]"),
    users("5\n  stages: [ { users: 1.5, duration: 5s } ]"),
    users("0\n  stages: [ { users: 0, duration: 5s } ]"), users("10001\n  stages: [ { users: 10001, duration: 5s } ]"),
    users("1\n  stages: [ { users: 2, duration: 5s } ]\n  requests: 5\n  connections: 5\n  rate: 5/s"),
    users("0\n  requests: 5", executor: "constant-vus"),
    users("5\n  requests: 5\n  stages: [ { users: 2, duration: 5s } ]", executor: "constant-vus"),
    ramping("[" + String(repeating: "{ rate: 5/s, duration: 5s },", count: 101) + "]"),
]

/// Mistakes in a list of loads.
let severalLoadsMistakes: [Mistake] = [
    Mistake(smallLoad, "load: []\n"), several("constant-vus"),
    several("{ executor: constant-vus, users: 1, requests: 5 }"),
    several("{ name: a, executor: constant-vus, users: 1, requests: 5, start: -1s }"),
    several("{ name: a, executor: constant-vus, users: 1, requests: 5, start: 25h }"),
    several("{ name: a, executor: constant-vus, users: 1, requests: 5, flows: browse }"),
    several("{ name: a, executor: constant-vus, users: 1, requests: 5, flows: [] }"),
    several("{ name: a, executor: constant-vus, users: 1, requests: 5, flows: [brows] }"),
    several("{ name: a, executor: constant-vus, users: 1, requests: 5, flows: [browse, browse] }"),
    several("{ name: a, executor: constant-vus, users: 1, requests: 5, flows: [7] }"),
    several("{ name: a, executor: constant-vus, rate: 1/s, requests: 5 }"),
    several(
        "{ name: a, executor: constant-vus, users: 1, requests: 5 }",
        "{ name: a, executor: constant-vus, users: 1, requests: 5 }"),
    several(
        "{ name: a, executor: constant-vus, users: 6000, requests: 5 }",
        "{ name: b, executor: constant-vus, users: 6000, requests: 5 }"),
    Mistake(
        smallLoad,
        "load:\n"
            + (1...21).map { "  - { name: a\($0), executor: constant-vus, users: 1, requests: 5 }\n" }.joined()),
    Mistake("rate: 500/s", "rate: 500/s\n  flows: [browse]"),
]

/// Mistakes in a search for the capacity.
let searchMistakes: [Mistake] = [
    search(from: nil), search(to: nil), search(limits: nil), search(from: "100"), search(from: "0/s"),
    search(to: "1000001/s"), search(to: "100/s"), search(from: "100/s", to: "104/s"), search(limits: "{}"),
    search(limits: "{ latency.p99: 50ms }"), search(limits: "{ errors.rate: 0.1%, throughput: 5/s }"),
    search(limits: "{ errors.rate: 0.1%, cpu.perRequest: 1ms }"),
    search(limits: "{ errors.rate: 0.1%, latency.p9: 1ms }"),
    search(limits: "{ errors.rate: 100% }"), search(limits: "{ errors.rate: 0.001 }"),
    search(limits: "{ errors.rate: 0%, latency.p99: 0ms }"), search(limits: "{ errors.rate: 0%, latency.p99: 50 }"),
    search(limits: "50ms"), search("precision: 0.5%"), search("precision: 51%"), search("precision: 0.05"),
    search("window: 500ms"), search("window: 11m"), search("window: 10m"), search(from: "9/s", "window: 1s"),
    search(from: "99/s", "window: 1s"), search(from: "99/s", limits: "{ errors.rate: 0%, latency.p999: 1s }"),
    search("rate: 5/s"), search("users: 5"), search("stages: [ { rate: 5/s, duration: 5s } ]"), search("requests: 5"),
    search("duration: 5s"),
    Mistake("rate: 500/s", "rate: 500/s\n  from: 5/s\n  window: 2s\n  limits: { errors.rate: 0% }"),
    several("{ name: a, executor: find-capacity, from: 100/s, to: 200/s, limits: { errors.rate: 0% } }"),
]

/// A search for the capacity with a mistake; what is nil is left out.
private func search(
    from: String? = "100/s", to: String? = "5000/s", limits: String? = "{ latency.p99: 50ms, errors.rate: 0.1% }",
    _ others: String...
) -> Mistake {
    let keys = [("from", from), ("to", to), ("limits", limits)].compactMap { key, value in
        value.map { "\(key): \($0)" }
    }
    let lines = (["executor: find-capacity"] + keys + others).map { "  \($0)\n" }
    return Mistake(smallLoad, "load:\n" + lines.joined())
}

/// A list of loads, one a line, with a mistake.
private func several(_ entries: String...) -> Mistake {
    Mistake(smallLoad, "load:\n" + entries.map { "  - \($0)\n" }.joined())
}

/// A mistake in the users of a closed loop and what follows them.
private func users(_ users: String, executor: String = "ramping-vus") -> Mistake {
    Mistake(
        "executor: constant-arrival-rate\n  rate: 500/s\n  connections: 40\n  warmup: 2s\n  requests: 2000",
        "executor: \(executor)\n  users: \(users)")
}

/// A mistake in the stages of a ramp of arrivals.
private func ramping(_ stages: String) -> Mistake {
    Mistake(
        "executor: constant-arrival-rate\n  rate: 500/s\n  connections: 40\n  warmup: 2s\n  requests: 2000",
        "executor: ramping-arrival-rate\n  rate: 0/s\n  stages: \(stages)")
}

/// Mistakes in the scenario.
let scenarioMistakes: [Mistake] = [
    Mistake("ci/users.csv", "ci/nowhere.csv"),
    Mistake("ci/users.csv", "ci/broken.csv"),
    Mistake("ci/users.csv", "ci/users.txt"),
    Mistake("ci/users.csv", "{ file: ci/users.csv, order: shuffled }"),
    Mistake("ci/users.csv", "{ file: ci/users.csv, order: once-per-user }"),
    Mistake("ci/users.csv", "{ order: random }"),
    Mistake("ci/users.csv", "{ file: ci/users.csv, rows: 3 }"),
    Mistake("data: { users: ci/users.csv }", "data: { users: [ci/users.csv] }"),
    Mistake("data: { users: ci/users.csv }", "data: { users: ci/users.csv, env: ci/pages.csv, a b: ci/pages.csv }"),
    Mistake("data: { users: ci/users.csv }", "data: { user: ci/users.csv }"),
    Mistake("name: browse", "nam: browse"),
    Mistake("name: browse", "name: \"\""),
    Mistake("name: browse", "name: 7"),
    Mistake("weight: 4", "weight: 0"),
    Mistake("weight: 4", "weight: 1000001"),
    Mistake("name: list items", "name: log in"),
    Mistake("name: list items", "name: \"list\\nitems\""),
    Mistake("name: list items", "name: " + String(repeating: "x", count: 101)),
    Mistake("post: /login", "past: /login"),
    Mistake("post: /login", "post: /login\n          put: /login"),
    Mistake("post: /login", "get: /login"),
    Mistake("post: /login", "post: login"),
    Mistake("post: /login", "post: /log in"),
    Mistake("post: /login", "post: /login#top"),
    Mistake("post: /login", "post: /{login}"),
    Mistake("post: /login", "post: /{port}/login"),
    Mistake("post: /login", "post: /größe"),
    Mistake("post: /login", "post: \"{{users.name}}\""),
    Mistake("json: { user: \"{{users.name}}\" }", "text: hello\n          json: {}"),
    Mistake("json: { user: \"{{users.name}}\" }", "form: { a: b }"),
    Mistake("json: { user: \"{{users.name}}\" }", "json: { on: yes, off: \"no\" }"),
    Mistake("json: { user: \"{{users.name}}\" }", "json: { a: 0x10, b: .inf, c: 007, d: +1 }"),
    Mistake("json: { user: \"{{users.name}}\" }", "json: { a: 1, a: 2, b: [ { c: 1, c: 2 } ] }"),
    Mistake("json: { user: \"{{users.name}}\" }", "json: { a: \"{port}\" }"),
    Mistake("json: { user: \"{{users.name}}\" }", "file: ci/nowhere.xml"),
    Mistake("json: { user: \"{{users.name}}\" }", "multipart: []"),
    Mistake("json: { user: \"{{users.name}}\" }", "multipart: { name: a, text: b }"),
    Mistake(
        "json: { user: \"{{users.name}}\" }",
        "multipart: [ { text: a }, { name: b }, { name: c, text: d, file: ci/photo.png }, { name: 7, text: 8 } ]"),
    Mistake("json: { user: \"{{users.name}}\" }", "multipart: [ { name: a, file: ci/nowhere.png, type: image/png } ]"),
    Mistake("json: { user: \"{{users.name}}\" }", "multipart: [ { name: \"a\\r\\nb\", text: \"{{usr}}\" } ]"),
    Mistake(
        "json: { user: \"{{users.name}}\" }",
        "multipart: [ { name: a, filename: \"\", text: b, content-type: png } ]\n          content-type: a/b"),
    Mistake(
        "json: { user: \"{{users.name}}\" }",
        "multipart: [ { name: a, text: b } ]\n          headers: { Content-Type: text/csv }"),
    Mistake("json: { user: \"{{users.name}}\" }", "content-type: text/plain"),
    Mistake("json: { user: \"{{users.name}}\" }", "text: a\n          content-type: plain"),
    Mistake(
        "json: { user: \"{{users.name}}\" }",
        "text: a\n          content-type: text/plain\n          headers: { content-type: text/csv }"),
    Mistake("{{users.name}}", "{{users.nmae}}"),
    Mistake("{{users.name}}", "{{user.name}}"),
    Mistake("{{users.name}}", "{{users}}"),
    Mistake("{{users.name}}", "{{users.name"),
    Mistake("{{users.name}}", "{{}}"),
    Mistake("{{users.name}}", "{{ iteratoin }}"),
    Mistake("{{users.name}}", "{{token}}"),
    Mistake("{{users.name}}", "{{env.NOWHERE}}"),
    Mistake("{{users.name}}", "{{env.A-B}}"),
    Mistake("Bearer {{token}}", "Bearer {{tokn}}"),
    Mistake("Bearer {{token}}", "Bearer {{env.TWO_LINES}}"),
    Mistake("Bearer {{token}}", "Bearer\\n{{token}}"),
    Mistake("Authorization: \"", "\"Auth orization\": \""),
    Mistake("Authorization: \"", "Content-Length: 5, host: a, Authorization: \""),
    Mistake("Authorization: \"", "authorization: a, Authorization: \""),
    Mistake("\"Bearer {{token}}\"", "[a]"),
    Mistake("{ token: $.token }", "{ token: token }"),
    Mistake("{ token: $.token }", "{ token: \"$.items[*].id\" }"),
    Mistake("{ token: $.token }", "{ token: { haeder: Location } }"),
    Mistake("{ token: $.token }", "{ token: { header: \"a b\" } }"),
    Mistake("{ token: $.token }", "{ token: $.token, user: $.user, users: $.users, 1st: $.first }"),
    Mistake("status: 200", "status: 99"),
    Mistake("status: 200", "status: [200, 600, ok]"),
    Mistake("status: 200", "status: []"),
    Mistake("status: 200", "stauts: 200"),
    Mistake("check: { status: 200, body: item }", "check: {}"),
    Mistake("check: { status: 200, body: item }", "check: { json: { state: ok, $.a: [1], $.b: yes, $.c: 0o7 } }"),
    Mistake("check: { status: 200, body: item }", "check: { json: { $.a: \"{{token}}\" } }"),
    Mistake("check: { status: 200, body: item }", "check: { header: { \"a:b\": c } }"),
    Mistake("body: item", "body: [item, \"\"]"),
    Mistake("body: item", "matches: \"a(b\""),
    Mistake("body: item", "matches: [ok, \"(?i)a\", 7]"),
    Mistake("body: item", "matches: [" + String(repeating: "a, ", count: 21) + "]"),
    Mistake("{ token: $.token }", "{ token: { regex: \"id={{id}}\" } }"),
    Mistake("{ token: $.token }", "{ token: { regex: a, header: b } }"),
    Mistake("body: item", "size: {}"),
    Mistake("body: item", "size: 10KB"),
    Mistake("body: item", "size: { min: 2KiB, max: 2KB }"),
    Mistake("body: item", "size: { min: 0.5B, max: 10 }"),
    Mistake("body: item", "size: { max: -1B }"),
    Mistake("body: item", "size: { at-most: 1B }"),
    Mistake("body: item", "time: 200ms"),
    Mistake("body: item", "time: { max: 200, min: 1ms }"),
    Mistake("body: item", "time: {}"),
    Mistake("{ token: $.token }", "{ token: {} }"),
    Mistake("weight: 4\n", "weight: 4\n      auth: none\n"),
    Mistake("  flows:", "  cookies: on\n  flows:"),
    Mistake("  flows:", "  compressed: gzip\n  flows:"),
    Mistake("redirects: 2", "compressed: yes"),
    Mistake(
        "headers: { Authorization: \"Bearer {{token}}\" }",
        "headers: { accept-encoding: br }\n          compressed: true"),
    Mistake("  flows:", "  cookies: true\n  flows:"),
    Mistake("  flows:", "  cookies: flows\n  flows:"),
    Mistake("  flows:", "  auth: none\n  flows:"),
    Mistake("  flows:", "  auth: {}\n  flows:"),
    Mistake("  flows:", "  auth: { bearer: \"{{env.NOWHERE}}\" }\n  flows:"),
    Mistake("  flows:", "  auth: { bearer: \"{{token}}\" }\n  flows:"),
    Mistake("  flows:", "  auth: { bearer: a, basic: { user: b, password: c } }\n  flows:"),
    Mistake("headers: { Authorization: \"Bearer {{token}}\" }", "auth: { bearer: \"\" }"),
    Mistake("headers: { Authorization: \"Bearer {{token}}\" }", "auth: { bearer: \"{{env.TWO_LINES}}\" }"),
    Mistake("headers: { Authorization: \"Bearer {{token}}\" }", "auth: { basic: { user: \"a:b\" } }"),
    Mistake("headers: { Authorization: \"Bearer {{token}}\" }", "auth: { basic: { user: \"a:b\", password: \"\" } }"),
    Mistake("headers: { Authorization: \"Bearer {{token}}\" }", "auth: { bearer: \"{{env.EMPTY}}\" }"),
    Mistake("headers: { Authorization: \"Bearer {{token}}\" }", "auth: nobody"),
    Mistake("redirects: 2", "auth: { bearer: \"{{token}}\" }"),
    Mistake("get: \"/items?by={{users.city}}\"", "head: /items\n          capture: { a: { regex: a } }"),
    Mistake("redirects: 2", "redirects: 21"),
    Mistake("redirects: 2", "timeout: 5"),
    Mistake("get: \"/items?by={{users.city}}\"", "head: /items"),
    Mistake(
        String(smallPlan[(smallPlan.firstRange(of: "    - name: browse")?.lowerBound ?? smallPlan.startIndex)...]),
        "    []\n"),
    Mistake("      steps:\n", "      steps: []\n      stepz:\n"),
]
