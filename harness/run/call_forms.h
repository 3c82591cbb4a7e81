/* The table of calls that can run, by the folder's own convention: options of sockets apart. */
#ifndef FINWAIT_RUN_CALL_FORMS_H
#define FINWAIT_RUN_CALL_FORMS_H

#include "run/runner.h"
#include "tcp/socket.h"

/* setsockopt(), getsockopt(), fcntl(): call_options.c. */
bool call_options_prepare_set(struct run *run, const struct scenario_call *call,
                              struct pending *entry);
bool call_options_prepare_get(struct run *run, const struct scenario_call *call,
                              struct pending *entry);
bool call_options_conclude_get(struct run *run, struct pending *entry,
                               const struct sut_result *result, int64_t *value);
bool call_options_prepare_fcntl(struct run *run, const struct scenario_call *call,
                                struct pending *entry);
bool call_options_conclude_fcntl(struct run *run, struct pending *entry,
                                 const struct sut_result *result, int64_t *value);

/* The first argument as descriptor, with the connection behind it. */
bool call_forms_descriptor(struct run *run, const struct scenario_call *call,
                           struct pending *entry);

#endif
