/* One file in which something is tried again and again: it goes when the process does, by its end or by a
 * signal that ends it (INT, TERM, HUP). */
#ifndef FINWAIT_CLI_SCRATCH_FILE_H
#define FINWAIT_CLI_SCRATCH_FILE_H

/* Makes the file in $TMPDIR, else in /tmp, and returns its path, which lasts; NULL: it cannot be made. At
 * most one for each process. `suffix` is what its name ends with. */
const char *scratch_file_make(const char *suffix);

void scratch_file_remove(void);

#endif
