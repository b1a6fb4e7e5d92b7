import Profiles
import Testing

/// Names as linkers of real programs wrote them, and what a developer reads.
@Suite struct FunctionNameTests {
    struct Example: CustomTestStringConvertible {
        let linkerName: String
        let readable: String

        init(_ linkerName: String, _ readable: String) {
            self.linkerName = linkerName
            self.readable = readable
        }

        var testDescription: String { readable }
    }

    static let functions = [
        Example("$s11DemoService10leakThreadyyF", "DemoService.leakThread()"),
        Example(
            "$s11DemoService10JSONReader33_F0ADE038CCD647A50AC7A890D745F1EBLLV6escapeSays5UInt8VGSgyF",
            "DemoService.JSONReader.escape()"),
        Example("$s11DemoService12UsageProblemO8sentenceSSvg", "DemoService.UsageProblem.sentence.getter"),
        Example(
            "$s11DemoService10placeOrder33_93C6DCE312383CEB6690B91AC59C116ELLyAA8ResponseVAA7RequestVF",
            "DemoService.placeOrder(_:)"),
        Example(
            "$s7NIOCore17CompositeErrorVAA22FixedWidthInteger_StringV",
            "$s7NIOCore17CompositeErrorVAA22FixedWidthInteger_StringV"),
        Example("$sS2cEycfC", "Swift.CancellationError.init()"),
        Example(
            "$ss27_UnsafeMutableWrappedBufferV8mutatingAByxGs01_acD0VyxG_tcfC",
            "Swift._UnsafeMutableWrappedBuffer.init(mutating:)"),
        Example("$sScS12ContinuationV2eeoiySbAByx_G_ADtFZ", "static Swift.AsyncStream.Continuation.==(_:_:)"),
        Example("$sScfsE23asUnownedSerialExecutorSceyF", "Swift.SerialExecutor.asUnownedSerialExecutor()"),
        Example(
            "$s8Dispatch0A5QueueC7NIOCoreE15asyncWithFuture9eventLoop_AD05EventhF0CyxGAD0iH0_p_xyKctlF",
            "(extension in NIOCore) Dispatch.DispatchQueue.asyncWithFuture(eventLoop:_:)"),
        Example(
            "$s11DemoService10logReaders33_894581A8E02EBF405FBF243DA632AAD7LL_WZ",
            "one-time initialization function for DemoService.logReaders"),
        Example(
            "$s8NIOPosix8SelectorC10selectorFDs5Int32Vvpfi",
            "variable initialization expression of NIOPosix.Selector.selectorFD"),
    ]

    static let closures = [
        Example(
            "$s11DemoService10StopSignalV7arrival2ony8NIOPosix27MultiThreadedEventLoopGroupC_tYaKF7NIOCore0jK6FutureCyAI15NIOAsyncChannelVyAI10ByteBufferVs5NeverOGGAI0P0_pYbcfU_ARyKXEfU_TA",
            "closure #1 in closure #1 in DemoService.StopSignal.arrival(on:)"),
        Example(
            "$s11DemoService10StopSignalVACyAA11SystemErrorVYKcfcys5Int32VcfU_To",
            "closure #1 in DemoService.StopSignal.init()"),
        Example(
            "$sScs9unfoldingScsyxs5Error_pGxSgyYaKc_tcsAB_pRs_rlufcADyYaKcfU_yyYbXEfU0_TA",
            "closure #2 in closure #1 in Swift.AsyncThrowingStream.init(unfolding:)"),
        Example(
            "$s8Dispatch0A5QueueC7NIOCoreE15asyncWithFuture9eventLoop_AD05EventhF0CyxGAD0iH0_p_xyKctlFyyYbcfU_",
            "closure #1 in (extension in NIOCore) Dispatch.DispatchQueue.asyncWithFuture(eventLoop:_:)"),
        Example(
            "$s7NIOCore14ChannelOptionsV7StorageV6append3key5valueyx_5ValueQztAA0B6OptionRzlF7applierL_yAA15EventLoopFutureCyytGAaK_p_s8Sendable_ptcAA0B0_pYbAaKRzlFAoaK_p_sAP_ptcfU_AC5TypesO07BacklogI0V_Tg5TA",
            "closure #1 in applier #1(_:) in NIOCore.ChannelOptions.Storage.append(key:value:)"),
        Example(
            "$s7NIOCore36NIOAsyncChannelHandlerWriterDelegateV8didYieldyyxFyyYbcfU_11DemoService8ResponseV_TG5TATm",
            "closure #1 in NIOCore.NIOAsyncChannelHandlerWriterDelegate.didYield(_:)"),
    ]

    static let made = [
        Example(
            "$sSa15_checkSubscript_20wasNativeTypeCheckeds16_DependenceTokenVSi_SbtFScJ_Tg5Tf4ndn_n",
            "Swift.Array._checkSubscript(_:wasNativeTypeChecked:)"),
        Example(
            "$ss22_ContiguousArrayBufferV20_consumeAndCreateNewAByxGyF7NIOCore14NIOAsyncWriterV7StorageV16YieldIDGeneratorV0L2IDVy11DemoService8ResponseVAE0i14ChannelHandlerJ8DelegateVyAPG___G_Tg5",
            "Swift._ContiguousArrayBuffer._consumeAndCreateNew()"),
        Example(
            "$s11DemoService15ExchangeHandlerC7NIOCore016_ChannelOutboundD0AadEP7connect7context2to7promiseyAD0fD7ContextC_AD13SocketAddressOAD16EventLoopPromiseVyytGSgtFTW",
            "DemoService.ExchangeHandler.connect(context:to:promise:)"),
        Example(
            "$s11DemoService12UsageProblemOSQAASQ2eeoiySbx_xtFZTW", "static DemoService.UsageProblem.==(_:_:)"),
        Example(
            "$sSb7AtomicsE20AtomicRepresentationVAA0B7StorageA2aDP11atomicStore_2at8orderingy5ValueQzn_SpyxGAA0bF8OrderingVtFZTW",
            "(extension in Atomics) static Swift.Bool.AtomicRepresentation.atomicStore(_:at:ordering:)"),
        Example(
            "$sScg8IteratorVyxq__GScIsScI4next7ElementQzSgyYaKFTWTQ0_", "Swift.ThrowingTaskGroup.Iterator.next()"),
        Example("$sScA15unownedExecutorScevgTj", "Swift.Actor.unownedExecutor.getter"),
        Example("$sIeg_s5Error_pIegHzo_TRTu", "reabstraction thunk"),
        Example("$s11DemoService12UsageProblemOWOy", "outlined copy of DemoService.UsageProblem"),
        Example("$s11DemoService9JSONValueOwxx", "destroy value witness for DemoService.JSONValue"),
        Example("$sScewstTm", "storeEnumTagSinglePayload value witness for Swift.UnownedSerialExecutor"),
        Example("$s11DemoService11SystemErrorVMa", "type metadata accessor for DemoService.SystemError"),
        Example(
            "$ss28AsyncThrowingFlatMapSequenceV8IteratorV07currentF00aF0Qy_SgvM.resume.0",
            "Swift.AsyncThrowingFlatMapSequence.Iterator.currentIterator.modify"),
        Example("objectdestroy.1131Tm", "objectdestroy"),
    ]

    static let others = [
        Example(
            "_ZN5swift9TaskLocal7Storage20initializeLinkParentEPNS_9AsyncTaskES3_",
            "swift::TaskLocal::Storage::initializeLinkParent"),
        Example("_ZN5swift26_swift_task_alloc_specificEPNS_9AsyncTaskEm.cold.1", "swift::_swift_task_alloc_specific"),
        Example("_ZNSt8__detail18__to_chars_10_implIjEEvPcjT_", "std::__detail::__to_chars_10_impl"),
        Example("_ZNKSt6vectorIiSaIiEE4sizeEv", "std::vector::size"),
        Example("_Znwm", "operator new"),
        Example("_Znam", "operator new[]"),
        Example("_ZN3FoocvSsEv", "Foo::operator std::string"),
        Example("_ZlsRSoRK3Foo", "operator<<"),
        Example("_ZStplIcSt11char_traitsIcESaIcEENSt7__cxx1112basic_stringIT_T0_T1_EERKS8_SA_", "std::operator+"),
        Example("_ZStlsISt11char_traitsIcEERSt13basic_ostreamIcT_ES5_PKc", "std::operator<<"),
        Example("_ZN3FooptEv", "Foo::operator->"),
        Example("_ZN3FooixEi", "Foo::operator[]"),
        Example("_ZZN4mainEvENKUlvE_clEv", "main::{lambda()#1}::operator()"),
        Example("_ZN12_GLOBAL__N_113TaskGroupBase4sizeEv", "(anonymous namespace)::TaskGroupBase::size"),
        Example("_ZTv0_n24_NSoD1Ev", "virtual thunk to std::basic_ostream::~basic_ostream"),
        Example("_ZN3api6server6handle17h0123456789abcdefE", "api::server::handle"),
        Example("malloc@@GLIBC_2.2.5", "malloc"),
        Example("parse_header.constprop.0", "parse_header"),
        Example("c_nio_llhttp_execute", "c_nio_llhttp_execute"),
        Example("async_MainTQ0_", "async_Main"),
        Example("main", "main"),
        Example("_Znonsense", "_Znonsense"),
        Example("$s", "$s"),
        Example("", ""),
    ]

    @Test(arguments: functions + closures + made + others)
    func readable(example: Example) {
        #expect(FunctionName.readable(example.linkerName) == example.readable)
    }

    /// All the parts into which the compiler cut one asynchronous function.
    @Test func partsOfOneFunctionHaveOneName() {
        let run = "$s11DemoService6ServerC3run2on5untilyAA13ListenAddressV_AA10StopSignalVtYaKF"
        for part in ["", "TY0_", "TQ6_", "TQ12_", "TY3_.cold.1", "Tu"] {
            #expect(FunctionName.readable(run + part) == "DemoService.Server.run(on:until:)")
        }
        let serve =
            "$s11DemoService7ProgramO5serve33_F02FB1A812CD1F201DD52A09EE38F480LL2on7threads5dialsAA10ExitStatusOAA13ListenAddressV_SiAA5DialsVtYaF"
        for part in ["ZTf4nnnd_n", "ZTf4nnnd_nTY1_", "Z"] {
            #expect(FunctionName.readable(serve + part) == "static DemoService.Program.serve(on:threads:dials:)")
        }
        let group =
            "$s11DemoService6ServerC6accept33_BC9D4D418800A95F32114FD0F2B56E11LL4fromy7NIOCore15NIOAsyncChannelVyAIyAA7RequestVAA8ResponseVGs5NeverOG_tYaKFyAG0pQ13InboundStreamVyANGYaKYTXEfU_ys27ThrowingDiscardingTaskGroupVys5Error_pGzYaKXEfU_yyYacfU_"
        for part in ["", "TY0_", "TA", "TATQ0_"] {
            #expect(
                FunctionName.readable(group + part)
                    == "closure #1 in closure #1 in closure #1 in DemoService.Server.accept(from:)")
        }
    }

    @Test func hostileNames() {
        let names = [
            "$s4", "$s99999999999999999999a", "$s1", "_$s", "$S", "_T0", "_Z", "_Z1", "_ZN", "$s1a.b", "@", "@@x", ".",
            ".cold",
            "$sTY0_", "TY0_", "TQ_", "_", "$s\u{0}\u{1}", "$s🙂", "_Z🙂", "::h0123456789abcdef",
            String(repeating: "$s", count: 5000), "_Z" + String(repeating: "N", count: 9000),
            "_Z1" + String(repeating: "I", count: 5000), "$s" + String(repeating: "y", count: 8000),
        ]
        // A module whose name looks like the words around it.
        let disguised = [
            "$s5in X(12UsageProblemOSQAASQ2eeoiySbx_xtFZTW", "$s4in X12UsageProblemOSQAASQ2eeoiySbx_xtFZTW",
        ]
        for name in names + disguised { #expect(!FunctionName.readable(name).isEmpty) }
        #expect(FunctionName.readable(String(repeating: "x", count: 5000)).count == 1027)
    }

    // MARK: Whose function it is

    @Test(
        arguments: [
            ("DemoService.leakThread()", "DemoService"),
            ("static DemoService.Program.serve(on:threads:dials:)", "DemoService"),
            ("closure #1 in closure #2 in NIOCore.Channel.flush()", "NIOCore"),
            ("closure #1 in (extension in NIOCore) Dispatch.DispatchQueue.asyncWithFuture(eventLoop:_:)", "NIOCore"),
            ("(extension in Atomics) static Swift.Bool.AtomicRepresentation.atomicStore(_:at:ordering:)", "Atomics"),
            ("one-time initialization function for DemoService.logReaders", "DemoService"),
            ("default argument 0 of Web.Router.respond(to:)", "Web"),
            ("static Swift.AsyncStream.Continuation.==(_:_:)", "Swift"),
            ("static M.Version.<(_:_:)", "M"),
            ("swift::runJobInEstablishedExecutorContext", nil),
            ("std::vector<int>::size", nil), ("main", nil), ("libc.so.6+0x89044", nil), ("", nil),
            ("reabstraction thunk", nil),
        ] as [(String, String?)])
    func modules(name: String, module: String?) {
        #expect(NativeFunction.module(of: name) == module)
    }

    @Test(arguments: [
        ("Swift.Array.append(_:)", "/srv/app"), ("closure #1 in Swift.withTaskGroup(of:)", ""),
        ("Foundation.JSONEncoder.encode(_:)", "/srv/app"), ("FoundationEssentials.Data.init(_:)", ""),
        ("(extension in Foundation) Swift.String.init(format:_:)", ""), ("Dispatch.DispatchQueue.async(execute:)", ""),
        ("swift_allocObject", "/srv/app"), ("completeTaskWithClosure", "/srv/app"),
        ("_swift_release_dealloc", "/srv/app"), ("malloc", ""), ("operator new", ""),
        ("swift::runJobInEstablishedExecutorContext", "/srv/app"), ("std::vector::reserve", "/srv/app"),
        ("_dispatch_continuation_alloc_from_heap", "/srv/app"), ("CFArrayCreateMutable", "/srv/app"),
        ("regexec", "/lib/x86_64-linux-gnu/libc.so.6"), ("libc.so.6+0x89044", "/lib/x86_64-linux-gnu/libc.so.6"),
        ("thread_start", "/lib/libc-2.31.so"), ("withStatusRecordLock", "/usr/lib/swift/linux/libswift_Concurrency.so"),
        ("tryCast", "/usr/lib/swift/linux/libswiftCore.so"), ("burstTrieMappedFind", "/usr/lib/libFoundation.so"),
        ("je_arena_malloc", "/usr/lib/libjemalloc.so.2"), ("anything", "/opt/perfgate/libNativeProbe.so"),
        ("__vdso_clock_gettime", "[vdso]"), ("reabstraction thunk", "/srv/app"),
        ("outlined copy of DemoService.UsageProblem", "/srv/app"), ("objectdestroy", "/srv/app"),
        ("destroy value witness for DemoService.JSONValue", "/srv/app"),
        ("canonical specialized generic type metadata accessor for Swift._SetStorage", "/srv/app"),
        ("(extension in Web) lazy protocol witness table accessor for type Foundation.Data in Web", "/srv/app"),
        ("type metadata accessor for DemoService.SystemError", "/srv/app"),
    ])
    func theRuntimes(name: String, path: String) {
        #expect(NativeFunction.isRuntime(name, path: path))
    }

    @Test(arguments: [
        ("DemoService.leakThread()", "/src/Sources/DemoService/leakThread.swift"), ("NIOCore.ByteBuffer.clear()", ""),
        ("(extension in NIOCore) Swift.Array.init(buffer:)", "/srv/app"), ("c_nio_llhttp_execute", "/srv/app"),
        ("Hummingbird.Router.respond(to:context:)", "/srv/app"), ("main", "/srv/app"), ("app+0x401028", "/srv/app"),
        ("sqlite3_step", "/usr/lib/libsqlite3.so.0"), ("SSL_read", "/usr/lib/x86_64-linux-gnu/libssl.so.3"),
        ("closure #1 in Web.Router.respond(to:)", ""), ("Cache::lookup", "/srv/app"), ("CFG_read", "/srv/app"),
        ("(anonymous namespace)::lookup", "/srv/app"), ("swiftly_run", "/srv/app"),
        ("parse", "/srv/libswiftWeb.so"), ("parse", "/srv/libc.source/app"), ("parse", "/usr/lib/libcrypto.so.3"),
        ("DemoService.ChildBuffer.deinit", "/srv/app"),
    ])
    func theServices(name: String, path: String) {
        #expect(!NativeFunction.isRuntime(name, path: path))
    }
}
