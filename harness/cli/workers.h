/* Processes that work through numbered jobs, so that one that crashes or hangs takes only its own
 * job with it. Results come in the order of the jobs, however many processes there are. */
#ifndef FINWAIT_CLI_WORKERS_H
#define FINWAIT_CLI_WORKERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where a job puts its messages. */
struct worker_outlet;

/* Does job number `job`: sends one message or more, the last of them marked. */
typedef void (*worker_job)(void *context, uint64_t job, struct worker_outlet *outlet);

void worker_send(struct worker_outlet *outlet, const void *bytes, size_t count, bool is_last);

struct worker_message {
    uint64_t job;
    bool is_last;         /* of its job */
    const uint8_t *bytes; /* until the next call; unaligned */
    size_t count;
    const char *death; /* how the process died that had this job, or NULL; until the next call */
};

struct worker_pool;

/* Starts `workers` processes over `jobs` jobs; worker w takes the jobs w, w + workers, ... With 0
 * workers each job is done in this process when its result is asked for. A job that takes longer
 * than `timeout_s` of real time is killed. NULL: no process could be started (errno says why). */
struct worker_pool *workers_start(uint32_t workers, uint64_t jobs, uint32_t timeout_s,
                                  worker_job job, void *context);

/* The next message, in the order of the jobs. False: all jobs are done. Calls `idle(idle_context)`
 * before it waits. A worker that died is replaced for the jobs behind the one that it died of. */
bool workers_next(struct worker_pool *pool, void (*idle)(void *), void *idle_context,
                  struct worker_message *out);

/* Waits for all processes, or stops them when there is work left. Returns how one ended badly after
 * its last job ("exit code 23"), NULL when none did; valid until the next use of this module. */
const char *workers_stop(struct worker_pool *pool, char *room, size_t room_bytes);

#endif
