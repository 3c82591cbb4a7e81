/* What finwait can use of this machine: programs, kernel settings, devices. Only looks. */
#ifndef FINWAIT_CLI_DOCTOR_H
#define FINWAIT_CLI_DOCTOR_H

#include "base/arena.h"

enum doctor_level {
    DOCTOR_OK,
    DOCTOR_NOTE,  /* some uses need it, or go better with it */
    DOCTOR_WRONG, /* building or running needs it */
};

struct doctor_finding {
    enum doctor_level level;
    const char *what; /* "clang 14.0.6", "vm.mmap_rnd_bits is 32: ..." */
    const char *mend; /* the command that mends it; NULL when it is ok */
};

struct doctor_findings {
    struct doctor_finding *items;
    size_t count, capacity;
};

/* Where to look: what stands before "/proc/..." and "/dev/..." (usually nothing), and a list of
 * folders as in $PATH. */
struct doctor_place {
    const char *root;
    const char *path;
    const char *locale; /* the value of LC_ALL, LC_CTYPE or LANG that counts, or "" */
};

/* Everything there is to be said, in the arena. Starts the programs that it finds, for their
 * versions. */
void doctor_look(const struct doctor_place *place, struct arena *arena,
                 struct doctor_findings *out);

#endif
