import Profiles

/// Stacks as text, as Go writes them: addresses in one line, and below each with its name and place.
///
///     @ 0x43e5 0x4406
///     #	0x7a31	Shop.order(_:)	/src/Order.swift:40
enum StackText {
    static func addresses(_ frames: some Sequence<AddressProfile.Frame>) -> String {
        frames.reduce(into: "@") { text, frame in
            if case .address(let address) = frame { text += " 0x" + String(address, radix: 16) }
        }
    }

    static func lines(_ frames: some Sequence<AddressProfile.Frame>, _ symbols: Symbols) -> String {
        frames.reduce(into: "") { text, frame in
            switch frame {
            case .mark(let mark): text += "#\t\(mark)\n"
            case .address(let address):
                text += "#\t0x" + String(address, radix: 16)
                if let place = symbols.places[address] {
                    text += "\t\(place.function.name)\t\(place.function.file):\(place.line)"
                }
                text += "\n"
            }
        }
    }
}
