import Plans
import TestSupport

/// Reading with files and environment of a test's own.
struct Reading {
    var files: [String: [UInt8]] = [
        "ci/users.csv": Array("name,city\nann,Oslo\nbob,\"Bergen, west\"\n".utf8),
        "ci/users.jsonl": Array("{\"name\":\"ann\",\"level\":3}\n{\"name\":\"bob\",\"level\":2}\n".utf8),
        "ci/pages.csv": Array("number\n1\n2\n3\n".utf8),
        "ci/broken.csv": Array("name,city\nann\n".utf8),
        "ci/lines.csv": Array("name,text\nann,\"two\nlines\"\n".utf8),
        "ci/order.xml": Array("<order/>\n".utf8),
        "ci/ca.pem": Array("-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n".utf8),
        "ci/photo.png": [0x89, 0x50, 0xFF],
    ]
    var environment = ["DEMO_PASSWORD": "s3cret \"word\"/", "TWO_LINES": "first\nsecond", "EMPTY": ""]
    var today = "2026-11-23"

    func plan(_ text: String) throws(Diagnostics) -> Plan {
        try PlanReader.read(text, file: "perfgate.yml", environment: environment, readFile: file)
    }

    func budgets(_ text: String, steps: [String]? = nil) throws(Diagnostics) -> Budgets {
        try BudgetReader.read(text, file: "thresholds.json", steps: steps, today: today)
    }

    func both(_ plan: String, _ budgets: String) throws(Diagnostics) -> (Plan, Budgets) {
        try PlansReader.read(
            plan: .init(text: plan, file: "perfgate.yml"), budgets: .init(text: budgets, file: "thresholds.json"),
            environment: environment, today: today, readFile: file)
    }

    func file(_ path: String) -> Result<[UInt8], FileProblem> {
        files[path].map { .success($0) } ?? .failure(FileProblem(reason: "no such file"))
    }

    /// The diagnostics a reading ends with, one per line, or a word that there are none.
    static func diagnostics<Value>(_ reading: () throws(Diagnostics) -> Value) -> String {
        do {
            _ = try reading()
            return "no diagnostics\n"
        } catch {
            return error.all.map { $0.text + "\n" }.joined()
        }
    }
}

/// A plan that uses everything there is.
let wholePlan = """
    version: 1
    service:
      build: go build -o bin/api ./cmd/api
      command: bin/api --listen 127.0.0.1:{port}
      env: { GOMAXPROCS: 2, GODEBUG: "gctrace=1", EMPTY: "" }
      ready: { get: /healthz, timeout: 20s }
      url: http://127.0.0.1:{port}/
      stop: { grace: 1m }
      capture: { pprof: "http://127.0.0.1:{port}/debug/pprof" }
    load:
      executor: constant-arrival-rate
      rate: 500/s
      connections: 40
      warmup: 0s
      requests: 2000
      timeout: 1.5s
    rounds: 13
    scenario:
      data: { users: ci/users.csv, pages: ci/pages.csv }
      cookies: user
      compressed: true
      auth: { basic: { user: "{{users.name}}", password: "{{env.DEMO_PASSWORD}}" } }
      flows:
        - name: browse
          weight: 4
          steps:
            - name: list items
              get: "/items?page={{pages.number}}&by={{ users.city }}"
              auth: none
              compressed: false
              check: { status: [200, 304] }
            - think: { from: 0s, to: 300ms }
            - { repeat: 2, steps: [ think: 20ms ] }
        - name: buy
          steps:
            - name: log in
              post: /login
              json:
                user: "{{users.name}}"
                password: "{{env.DEMO_PASSWORD}}"
                remember: true
                limits: [1, 2.5e3, null, "no"]
              capture: { token: "$.auth.tokens[0]", place: { header: Location } }
              redirects: 3
            - if: { captured: token, not-equals: "{{users.city}}" }
              steps: [ { if: { captured: place, exists: false }, steps: [ think: 1ms ], else: [ think: 2ms ] } ]
            - name: order
              put: /orders/{{env.DEMO_PASSWORD}}
              auth: none
              headers: { Authorization: "Bearer {{token}}", X-Count: 3 }
              text: |
                user {{user}} takes {{iteration}}
              content-type: text/csv
              timeout: 250ms
              check:
                status: 201
                header: { Content-Type: json }
                body: [accepted, "{{users.name}}"]
                json: { $.state: accepted, $.count: 2, $.ok: true, $.error: null }
            - { name: upload, post: /upload, file: ci/order.xml, content-type: application/xml }
            - { name: picture, post: /upload, file: ci/photo.png, auth: { bearer: "{{token}}" } }
            - name: form
              post: /form
              multipart:
                - { name: title, text: "by {{users.name}}" }
                - { name: photo, file: ci/photo.png, content-type: image/png }
                - { name: order, file: ci/order.xml, filename: o.xml }
            - name: page
              get: /page
              check: { matches: '<h1>\\w+</h1>', size: { min: 0B, max: 1.5KiB }, time: { max: 200ms } }
              capture: { csrf: { regex: 'name="csrf" value="([^"]+)"' } }
            - { name: ping, head: /ping }
            - { name: allowed, options: /ping }
            - { name: change, patch: /orders/1, json: [] }
            - { name: remove, delete: /orders/1, headers: {} }
    """

let wholeBudgets = """
    {
      "$schema": "https://example.com/thresholds.schema.json",
      "version": 1,
      "defaults": { "severity": "warn", "decide": "certain" },
      "budgets": {
        "latency.p50": { "maxIncrease": "8%", "floor": "200us", "severity": "error", "decide": "proven" },
        "latency.p99": { "maxIncrease": "25%", "floor": "1ms", "max": "250ms", "min": "1us" },
        "throughput": { "maxDecrease": "5%", "min": "450/s" },
        "memory.peakRSS": { "maxIncrease": "10%", "floor": "2MiB" },
        "allocations.perRequest": { "maxIncrease": "1%", "floor": 0.5, "severity": "info" },
        "tasks.leakedPer1000": { "max": 0 },
        "errors.rate": { "max": "0.1%", "maxIncrease": "0%", "floor": "0.05%" }
      },
      "steps": { "log in": { "latency.p90": { "max": "400ms" } } },
      "accepted": [
        { "metric": "latency.p50", "upTo": "12%", "until": "2027-01-31", "reason": "stronger checksum" }
      ]
    }
    """
