#include "cli/scratch_file.h"

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char scratch_path[PATH_MAX];

void scratch_file_remove(void)
{
    (void)unlink(scratch_path);
}

/* As if nobody had caught it, but for the file. */
static void end_by_signal(int number)
{
    scratch_file_remove();
    (void)raise(number);
}

const char *scratch_file_make(const char *suffix)
{
    static const int ends[] = {SIGINT, SIGTERM, SIGHUP};
    const char *const folder = getenv("TMPDIR");
    const int length = snprintf(scratch_path, sizeof scratch_path, "%s/finwait.XXXXXX%s",
                                folder == NULL || folder[0] == '\0' ? "/tmp" : folder, suffix);
    if (length < 0 || (size_t)length >= sizeof scratch_path) {
        return NULL;
    }
    const int file = mkstemps(scratch_path, (int)strlen(suffix));
    if (file < 0) {
        return NULL;
    }
    (void)close(file);
    const struct sigaction action = {.sa_handler = end_by_signal, .sa_flags = (int)SA_RESETHAND};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        (void)sigaction(ends[i], &action, NULL);
    }
    return scratch_path;
}
