import Gate

/// The name, the time and the folder of a run that begins now.
struct NewRun {
    let moment: Moment
    let id: String
    let folder: String
    /// Drawn, for whoever gives none.
    let seed = UInt64.random(in: 1...UInt64(Int64.max))

    /// `output` is the folder that was asked for; nil for a new one below `.perfgate`.
    init(at moment: Moment, output: String?) throws(GateError) {
        self.moment = moment
        id = "\(moment.compact)-" + Self.hexadecimal(UInt32.random(in: .min ... .max))
        if output == nil { try Files.makePrivateFolder(".perfgate") }
        folder = output ?? ".perfgate/\(id)"
        if Files.exists(folder + "/recording.json") {
            throw .usage("--output: \(folder) holds a recording already; name a new folder")
        }
    }

    private static func hexadecimal(_ value: UInt32) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
