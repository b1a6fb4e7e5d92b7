#pragma once

// The probe in the program that it is linked into. It counts from the first instruction on; this is how the program
// reads what it counted.

// Open for reading and writing, and not to be closed; -1 where nothing is counted.
int perfgate_probe_file(void);

// Counts nothing that this thread does from now on.
void perfgate_probe_leave_thread(void);

// Counts nothing that this thread does until `perfgate_probe_resume`. No task may start or end on it meanwhile, and no
// block that is counted may be freed.
struct perfgate_probe_pause {
    void *slot;
    int phase;
};
struct perfgate_probe_pause perfgate_probe_pause(void);
void perfgate_probe_resume(struct perfgate_probe_pause before);

// Takes samples of processor time; 0, or the reason why not as the layout numbers them.
int perfgate_probe_begin_samples(void);
void perfgate_probe_end_samples(void);
