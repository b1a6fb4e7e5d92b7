#include <stdbool.h>

// The Swift driver links every dynamic product of a package, and adds the Swift runtime to it although this one is
// all C. A preloaded library that needs libswiftCore stops every program from starting where that is not found, down
// to `ls`, and brings a second runtime into a program that has it linked in. Options in this section come before the
// driver's own libraries on the linker's command line, so that those nothing refers to are left out.
__attribute__((used, section(".swift1_autolink_entries"))) static const char options[] = "-Wl,--as-needed";

// What the driver's start file would refer to libswiftCore for. There is no Swift in here to register.
__attribute__((visibility("hidden"))) void swift_addNewDSOImage(const void *sections) { (void)sections; }
__attribute__((visibility("hidden"))) bool _swift_backtrace_isThunkFunction(const char *name) {
    (void)name;
    return false;
}
