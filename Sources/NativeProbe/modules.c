#define _GNU_SOURCE
#include <dlfcn.h>
#include <link.h>
#include <string.h>

#include "probe.h"

// What was loaded at the start. The list is not brought up to date: asking the loader takes its lock.

static struct module modules[MODULES];
static unsigned count;

static int note(struct dl_phdr_info *info, size_t size, void *unused) {
    (void)size;
    (void)unused;
    for (int index = 0; index < info->dlpi_phnum && count < MODULES; index++) {
        const ElfW(Phdr) *part = info->dlpi_phdr + index;
        if (part->p_type != PT_LOAD || !(part->p_flags & PF_X)) continue;
        modules[count].path = info->dlpi_name[0] == 0 ? "/proc/self/exe" : info->dlpi_name;
        modules[count].bias = info->dlpi_addr;
        modules[count].code = (struct text){info->dlpi_addr + part->p_vaddr, part->p_memsz};
        count++;
    }
    return 0;
}

void modules_start(void) {
    dl_iterate_phdr(note, NULL);
    // By address, to be searched by halving.
    for (unsigned index = 1; index < count; index++) {
        struct module moved = modules[index];
        unsigned at = index;
        for (; at > 0 && modules[at - 1].code.start > moved.code.start; at--) modules[at] = modules[at - 1];
        modules[at] = moved;
    }
}

int is_code(uintptr_t address) {
    unsigned low = 0, high = count;
    while (low < high) {
        unsigned middle = (low + high) / 2;
        if (modules[middle].code.start <= address) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low > 0 && lies_in(address, modules[low - 1].code);
}

// The library whose file's name starts so.
int module_named(const char *prefix, struct module *result) {
    for (unsigned index = 0; index < count; index++) {
        const char *slash = strrchr(modules[index].path, '/');
        const char *file = slash == NULL ? modules[index].path : slash + 1;
        if (strncmp(file, prefix, strlen(prefix)) != 0) continue;
        *result = modules[index];
        return 1;
    }
    return 0;
}

// The code of the file an address lies in; of size 0 where it lies in none.
struct text code_around(uintptr_t address) {
    for (unsigned index = 0; index < count; index++)
        if (lies_in(address, modules[index].code)) return modules[index].code;
    return (struct text){0, 0};
}

// The file that holds a function.
void module_of(const void *address, char *name, size_t size) {
    Dl_info information;
    name[0] = 0;
    if (dladdr(address, &information) == 0 || information.dli_fname == NULL) return;
    const char *slash = strrchr(information.dli_fname, '/');
    strncpy(name, slash == NULL ? information.dli_fname : slash + 1, size - 1);
    name[size - 1] = 0;
}
