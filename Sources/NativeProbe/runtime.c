#define _GNU_SOURCE
#include <dlfcn.h>
#include <link.h>
#include <string.h>

#include "probe.h"

// Finds what is needed of the Swift runtime, as a library or linked into the program. What is not found switches off
// what needs it, and nothing else.

// Until the runtime is found nothing is a task.
struct runtime runtime = {.metadata = NO_METADATA};

enum {
    CREATE,
    COMPLETE,
    RUN_JOB,
    NEXT_ID,
    METADATA_POINTER,
    WAIT_ADAPTER,
    HOOK,
    DISPATCH,
    LAYOUT_VERSION,
    TASK_SIZE,
    JOB_RUN,
    JOB_RUN_ON_TASK,
    JOB_RUN_ON_BOTH,
    SYMBOLS,
};

static const char *const names[SYMBOLS] = {
    [CREATE] = "swift_task_create_common",
    [COMPLETE] = "_ZL16completeTaskImplPN5swift9AsyncTaskEPNS_12AsyncContextEPNS_10SwiftErrorE",
    [RUN_JOB] = "_ZN5swift34runJobInEstablishedExecutorContextEPNS_3JobE",
    [NEXT_ID] = "_ZZN5swift9AsyncTask9setTaskIdEvE6NextId",
    [METADATA_POINTER] = "_ZN5swift19taskHeapMetadataPtrE",
    [WAIT_ADAPTER] = "_ZL31task_future_wait_resume_adapterPN5swift12AsyncContextE",
    [HOOK] = "_swift_tsan_release",
    [DISPATCH] = "_dispatch_continuation_alloc_from_heap",
    [LAYOUT_VERSION] = "_swift_concurrency_debug_internal_layout_version",
    [TASK_SIZE] = "_swift_concurrency_debug_asyncTaskSize",
    [JOB_RUN] = "swift_job_run",
    [JOB_RUN_ON_TASK] = "swift_job_run_on_task_executor",
    [JOB_RUN_ON_BOTH] = "swift_job_run_on_serial_and_task_executor",
};

// An exported symbol with its size, which the loader's own lookup does not give.
static void find_exported(struct wanted_symbol *symbol) {
    if (symbol->address != 0) return;
    void *address = dlsym(RTLD_DEFAULT, symbol->name);
    Dl_info information;
    ElfW(Sym) *entry = NULL;
    if (address == NULL || dladdr1(address, &information, (void **)&entry, RTLD_DL_SYMENT) == 0 || entry == NULL) return;
    symbol->address = (uintptr_t)address;
    symbol->size = entry->st_size;
}

static struct text text_of(struct wanted_symbol symbol) { return (struct text){symbol.address, symbol.size}; }

static void refuse_tasks(enum pl_reason reason) {
    for (int figure = PL_TASKS_CREATED; figure <= PL_ASYNC_STACKS; figure++) refuse(figure, reason);
    refuse(PL_LIVE_TASKS, reason);
}

// What a version of the runtime is known by; every look into a task depends on it.
static int layout_is_known(const struct wanted_symbol *found) {
    return found[LAYOUT_VERSION].address != 0 && found[TASK_SIZE].address != 0
        && *(const uint32_t *)found[LAYOUT_VERSION].address == 1 && *(const uint64_t *)found[TASK_SIZE].address == 0xd0;
}

void runtime_start(void) {
    struct wanted_symbol found[SYMBOLS];
    for (int index = 0; index < SYMBOLS; index++) found[index] = (struct wanted_symbol){.name = names[index]};
    struct module concurrency, dispatch;
    int is_library = module_named("libswift_Concurrency.so", &concurrency);
    int is_linked_in = 0;
    if (is_library) {
        find_symbols(concurrency.path, concurrency.bias, found, SYMBOLS);
    } else if (has_section("/proc/self/exe", "swift5_type_metadata") && module_named("exe", &concurrency)) {
        is_linked_in = 1;
        find_symbols("/proc/self/exe", concurrency.bias, found, SYMBOLS);
    }
    if (!is_library && !is_linked_in) {
        refuse_tasks(PL_NOT_SWIFT);
        if (module_named("libdispatch.so", &dispatch)) {
            runtime.dispatch = dispatch.code;
        } else {
            refuse(PL_DISPATCH_SPLIT, PL_NO_DISPATCH);
        }
        return;
    }
    for (int index = 0; index < SYMBOLS; index++) find_exported(found + index);

    if (module_named("libdispatch.so", &dispatch)) {
        runtime.dispatch = dispatch.code;
    } else {
        runtime.dispatch = text_of(found[DISPATCH]);
        if (runtime.dispatch.size == 0) refuse(PL_DISPATCH_SPLIT, is_linked_in ? PL_NO_SYMBOLS : PL_NO_DISPATCH);
    }
    header->concurrency_start = concurrency.code.start;
    header->concurrency_end = concurrency.code.start + concurrency.code.size;
    header->next_task_id = found[NEXT_ID].address;
    runtime.next_task_id = (const uint64_t *)found[NEXT_ID].address;
    header->task_wait_adapter = found[WAIT_ADAPTER].address;
    runtime.create = text_of(found[CREATE]);
    if (runtime.create.size == 0) {
        // A program without its symbols shows nothing of its tasks, and half of the truth is none.
        refuse_tasks(PL_NO_SYMBOLS);
        return;
    }
    runtime.layout_known = layout_is_known(found);
    if (!runtime.layout_known) refuse(PL_TASK_LAYOUT, PL_UNKNOWN_LAYOUT);

    uintptr_t *pointer = (uintptr_t *)found[METADATA_POINTER].address;
    if (pointer == NULL) pointer = dlsym(RTLD_DEFAULT, "_swift_concurrency_debug_asyncTaskMetadata");
    if (pointer != NULL && *pointer != 0) {
        runtime.metadata = *pointer;
        header->task_metadata = *pointer;
    } else {
        refuse(PL_TASKS_DESTROYED, PL_NO_SYMBOLS);
        refuse(PL_LIVE_TASKS, PL_NO_SYMBOLS);
    }

    runtime.complete = text_of(found[COMPLETE]);
    runtime.run_job = text_of(found[RUN_JOB]);
    for (int index = 0; index < 3; index++) runtime.job_run[index] = text_of(found[JOB_RUN + index]);
    if (runtime.run_job.size == 0 && runtime.job_run[0].size == 0) refuse(PL_ASYNC_STACKS, PL_NO_SYMBOLS);
    hook_start((void **)found[HOOK].address);
}
