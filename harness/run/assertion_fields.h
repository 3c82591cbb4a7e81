/* What `assert` can name: fields of a connection, what its user was told, and the host's counters. */
#ifndef FINWAIT_RUN_ASSERTION_FIELDS_H
#define FINWAIT_RUN_ASSERTION_FIELDS_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

enum field_kind {
    FIELD_STATE,
    FIELD_LOCAL_NUMBER,
    FIELD_REMOTE_NUMBER,
    FIELD_U32,
    FIELD_U64,
    FIELD_BOOL,
    FIELD_ERROR, /* an enum tcp_error of the status */
    FIELD_EVENT, /* notifications of one kind since the connection began; offset: the bit's place */
    FIELD_ENDED, /* how it ended: an enum tcp_error */
    FIELD_COUNTER,
};

struct field {
    const char *name; /* in the RFC's spelling: "snd.una" */
    enum field_kind kind;
    size_t offset; /* in struct tcp_status, or struct tcp_counters */
};

/* The field or counter of that name, in the RFC's spelling or in C's, with or without its unit. NULL:
 * there is none, and *nearest is the one that was probably meant, or NULL. */
const struct field *assertion_field_find(const char *name, const char **nearest);
const struct field *assertion_counter_find(const char *name, const char **nearest);

/* "TCP_ERROR_HOST_UNREACHABLE" as a script says it: "HOST-UNREACHABLE". */
const char *assertion_error_word(struct arena *arena, const char *error_name);

/* Is there such an error? `-` and `_` are one. */
bool assertion_knows_error(struct arena *arena, const char *word);

#endif
