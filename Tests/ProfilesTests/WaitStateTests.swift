import Profiles
import Testing

@Suite struct WaitStateTests {
    @Test func wordsAndStatesAreOneToOne() {
        let words = [
            "chan send", "chan receive", "select", "chan send (nil chan)", "chan receive (nil chan)",
            "select (no cases)", "sync.Mutex.Lock", "sync.RWMutex.RLock", "sync.RWMutex.Lock", "sync.WaitGroup.Wait",
            "sync.Cond.Wait", "semacquire", "IO wait", "sleep", "coroutine", "syscall", "running", "runnable",
        ]
        for word in words {
            #expect(WaitState(label: word).label == word)
            #expect(WaitState(label: word) != .other(word))
        }
        #expect(WaitState(label: "select wait") == .other("select wait"))
        #expect(WaitState.other("select wait").label == "select wait")
    }

    static let stacks: [([String], WaitState)] = [
        (["runtime.gopark", "runtime.chansend", "runtime.chansend1", "main.f"], .chanSend),
        (["runtime.gopark", "runtime.chanrecv", "runtime.chanrecv2", "main.f"], .chanReceive),
        (["runtime.gopark", "runtime.selectgo", "main.f"], .select),
        (["runtime.gopark", "runtime.block", "main.f"], .selectNoCases),
        (["runtime.gopark", "runtime.netpollblock", "internal/poll.runtime_pollWait", "net.f"], .ioWait),
        (["runtime.gopark", "time.Sleep", "main.f"], .sleep),
        (["runtime.goparkunlock", "runtime.semacquire1", "sync.runtime_SemacquireMutex", "main.f"], .mutexLock),
        (["runtime.gopark", "runtime.semacquire1", "sync.runtime_SemacquireRWMutexR", "main.f"], .rwMutexRLock),
        (["runtime.gopark", "runtime.semacquire1", "internal/sync.runtime_SemacquireMutex", "main.f"], .mutexLock),
        (["runtime.gopark", "runtime.semacquire1", "sync.runtime_SemacquireWaitGroup", "main.f"], .waitGroup),
        (["runtime.gopark", "runtime.semacquire1", "sync.runtime_Semacquire", "main.f"], .semacquire),
        (["runtime.goparkunlock", "runtime.notifyListWait", "sync.(*Cond).Wait", "main.f"], .condWait),
        (["runtime.coroswitch_m", "main.f"], .coroutine),
        (["internal/runtime/syscall.Syscall6", "syscall.RawSyscall6", "main.f"], .syscall),
        (["runtime.notetsleepg", "os/signal.signal_recv", "main.f"], .syscall),
        (["runtime.asyncPreempt", "main.f"], .running),
        (["main.f", "runtime.gopark"], .running),
        (["runtime.gopark", "main.f"], .unknown),
        (["main.chansend"], .running),
    ]

    @Test(arguments: stacks)
    func theRuntimesFramesGiveTheStateAway(functions: [String], state: WaitState) throws {
        let stack = functions.map { "\($0) f.go:1" } + ["runtime.goexit a.s:1"]
        let dump = try TaskDump(profile: SmallProfile(counts: [(stack, 3)]).decoded())
        #expect(dump.groups.map(\.state) == [state])
        #expect(dump.total == 3)
    }

    @Test func otherProfilesAreNoTasks() throws {
        let profile = try SmallProfile(counts: [(["f x:1"], 3)], type: "cpu").decoded()
        let error = ProfileError.notTasks(sampleTypes: ["cpu"])
        #expect(throws: error) { try TaskDump(profile: profile) }
        #expect(error.message == "this is not a goroutine profile; its sample types are \"cpu\"")
    }
}
