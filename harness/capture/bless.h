/* Fills in what a script expects from a run of its causes. What still fits stays as it is spelled; lines
 * that do not are replaced, missing ones added, others taken out. Causes keep their times. */
#ifndef FINWAIT_CAPTURE_BLESS_H
#define FINWAIT_CAPTURE_BLESS_H

#include "run/run.h"
#include "scenario/parse.h"

enum bless_result {
    BLESS_SAME,    /* the script passes */
    BLESS_CHANGED, /* the text has what makes it pass */
    BLESS_REFUSED, /* an oracle fires, or more than packets (and results) would have to change */
    BLESS_INVALID, /* the script cannot be read, or makes no sense */
    BLESS_BROKEN,  /* the system under test or the environment */
};

struct bless_request {
    const char *path;
    const char *text;
    size_t count;
    bool takes_results; /* results of calls, too */
};

struct bless_outcome {
    struct text script;    /* the new text, with BLESS_CHANGED */
    struct text complaint; /* why not; with BLESS_CHANGED what the user must know */
};

/* Memory comes from the arena, but for the texts: free them with bless_outcome_free(). */
enum bless_result bless_script(const struct bless_request *request, struct arena *arena,
                               struct bless_outcome *out);

void bless_outcome_free(struct bless_outcome *out);

#endif
