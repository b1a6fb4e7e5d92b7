extension KeyList {
    /// Steps of a flow, and those within them.
    static let steps: Shape = .list(
        of: .recursive("item") { .either([.object(step), .object(think), .object(repetition), .object(choice)]) },
        words: "list of steps")

    static let think: KeyList = Self(
        "think",
        [
            Key(
                "think",
                "how long the virtual user waits, its connection kept; `{ from: …, to: … }` for a length drawn anew "
                    + "every time",
                .either([.text(.duration), .object(span)]), .required)
        ])

    static let span: KeyList = Self(
        "span",
        [
            Key("from", "shortest wait", .text(.pause), .required),
            Key("to", "longest wait", .text(.duration), .required),
        ], isInline: true)

    static let repetition: KeyList = Self(
        "repeat",
        [
            Key(
                "repeat", "how often the steps are done, one time after the other",
                .wholeNumber(FlowReader.repetitionsTaken), .required),
            Key("steps", "what is repeated", steps, .required),
        ])

    static let choice: KeyList = Self(
        "if",
        [
            Key("if", "what a captured value must be", .object(condition), .required),
            Key("steps", "what is done where it is so", steps, .required),
            Key("else", "what is done otherwise; nothing when left out", steps),
        ])

    static let tests = ["equals", "not-equals", "contains", "not-contains", "exists"]

    static let condition: KeyList = Self(
        "condition",
        [
            Key(
                "captured", "name of a value that an earlier step of the flow captures",
                .text(TextForm(words: "text", pattern: NameForm.variable.pattern)), .required),
            Key(
                "equals", "the value is this text; exactly one of the five is required",
                .printed(isEmptyTaken: true)),
            Key("not-equals", "the value is another text, or there is none", .printed(isEmptyTaken: true)),
            Key("contains", "the value contains this text", .printed(isEmptyTaken: false)),
            Key(
                "not-contains", "the value does not contain this text, or there is none",
                .printed(isEmptyTaken: false)),
            Key("exists", "whether there is a value", .truth),
        ], rules: [.exactlyOne(tests)])
}
