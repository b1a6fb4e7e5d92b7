/// The native probe's profile of live tasks: where each waits, a mark, and where it was created.
package enum NativeTasks {
    /// The name of its one column.
    package static let sampleType = "tasks"
    /// The label that says what a task does.
    package static let stateLabel = "state"
    /// The frame between the stack a task waits in and the one that created it.
    package static let mark = "created by"

    static func groups(_ profile: Profile, column: Int) -> TaskGroups {
        var groups = TaskGroups()
        for sample in 0..<profile.sampleCount {
            let value = profile.value(ofSample: sample, column: column)
            let state = profile.labels(ofSample: sample).first { $0.key == stateLabel }?.text
            let frames = profile.frames(ofSample: sample)
            let end = frames.firstIndex { $0.function == mark } ?? frames.count
            groups.add(
                Int(clamping: value), WaitState(label: state ?? WaitState.suspended.label), visible(frames[..<end]),
                createdBy: frames[end...].dropFirst().first { !isRuntime($0) })
        }
        return groups
    }

    /// Without the runtime's frames at both ends, unless there are no others.
    ///
    /// An asynchronous function and the thunk that called it have one name, and are one to the reader.
    private static func visible(_ frames: ArraySlice<Frame>) -> [Frame] {
        var result = Array(frames)
        if let first = frames.firstIndex(where: { !isRuntime($0) }),
            let last = frames.lastIndex(where: { !isRuntime($0) })
        {
            result = Array(frames[first...last])
        }
        return result.enumerated().filter { $0.offset == 0 || result[$0.offset - 1] != $0.element }.map(\.element)
    }

    private static func isRuntime(_ frame: Frame) -> Bool {
        NativeFunction.isRuntime(frame.function, path: frame.file)
    }
}
