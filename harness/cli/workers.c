/* Each worker has a pipe to us and a fixed share of the jobs, so nothing has to be said to it. Its
 * messages arrive in the order of its jobs, and the job wanted next tells whose turn it is. */
#include "cli/workers.h"

#include "base/text.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A worker so far ahead of its turn is not listened to: its pipe fills and it waits. */
#define BACKLOG_BYTES_MAX ((size_t)8 << 20)

struct header {
    uint32_t bytes;
    uint32_t is_last;
};

struct worker_outlet {
    int pipe; /* -1: into `local` */
    struct text *local;
};

struct worker {
    pid_t process;       /* 0: none */
    int pipe;            /* -1: at its end */
    struct text backlog; /* what came and was not asked for yet, from `taken` on */
    size_t taken;
    uint64_t next_job;     /* the one that its next message belongs to */
    struct timespec since; /* when it was last heard of, or last not listened to */
};

struct worker_pool {
    struct worker *workers;
    struct pollfd *polls;
    uint32_t count; /* at least 1, even when the only worker is ourselves */
    bool is_local;
    uint64_t jobs;
    uint64_t next;
    uint32_t timeout_s;
    worker_job job;
    void *context;
    char death[96];
};

static void *must(void *memory)
{
    if (memory == NULL) {
        (void)fputs("finwait: out of memory\n", stderr);
        exit(3);
    }
    return memory;
}

/* ---- in the worker ------------------------------------------------------------------------------- */

static void write_all(int pipe, const void *bytes, size_t count)
{
    const char *at = bytes;
    while (count > 0) {
        const ssize_t written = write(pipe, at, count);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0) {
            _exit(3); /* nobody listens any more */
        }
        at += written;
        count -= (size_t)written;
    }
}

void worker_send(struct worker_outlet *outlet, const void *bytes, size_t count, bool is_last)
{
    assert(count <= UINT32_MAX);
    const struct header header = {(uint32_t)count, is_last};
    if (outlet->pipe < 0) {
        text_add(outlet->local, (const char *)&header, sizeof header);
        text_add(outlet->local, bytes, count);
        return;
    }
    write_all(outlet->pipe, &header, sizeof header);
    write_all(outlet->pipe, bytes, count);
}

static void work(const struct worker_pool *pool, uint64_t first, int pipe)
{
    struct worker_outlet outlet = {.pipe = pipe};
    for (uint64_t job = first; job < pool->jobs; job += pool->count) {
        pool->job(pool->context, job, &outlet);
    }
}

/* ---- starting ------------------------------------------------------------------------------------ */

static bool start(struct worker_pool *pool, struct worker *worker)
{
    int ends[2];
    if (pipe(ends) != 0) {
        return false;
    }
    (void)fflush(NULL); /* or the child would write our buffers again */
    const pid_t parent = getpid();
    const pid_t process = fork();
    if (process == 0) {
        (void)close(ends[0]);
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() == parent) {
            work(pool, worker->next_job, ends[1]);
        }
        exit(0); /* not _exit: sanitizers and profilers report at the exit */
    }
    const int error = errno;
    (void)close(ends[1]);
    if (process < 0) {
        (void)close(ends[0]);
        errno = error;
        return false;
    }
    worker->process = process;
    worker->pipe = ends[0];
    (void)clock_gettime(CLOCK_MONOTONIC, &worker->since);
    return true;
}

struct worker_pool *workers_start(uint32_t workers, uint64_t jobs, uint32_t timeout_s,
                                  worker_job job, void *context)
{
    struct worker_pool *pool = must(calloc(1, sizeof *pool));
    *pool = (struct worker_pool){.is_local = workers == 0,
                                 .count = workers == 0 ? 1 : workers,
                                 .jobs = jobs,
                                 .timeout_s = timeout_s,
                                 .job = job,
                                 .context = context};
    pool->workers = must(calloc(pool->count, sizeof *pool->workers));
    pool->polls = must(calloc(pool->count, sizeof *pool->polls));
    for (uint32_t i = 0; i < pool->count; i++) {
        pool->workers[i].pipe = -1;
        pool->workers[i].next_job = i;
    }
    for (uint32_t i = 0; !pool->is_local && i < pool->count; i++) {
        if (!start(pool, &pool->workers[i])) {
            const int error = errno;
            char room[1];
            (void)workers_stop(pool, room, sizeof room);
            errno = error;
            return NULL;
        }
    }
    return pool;
}

/* ---- listening ----------------------------------------------------------------------------------- */

/* Forgets what was taken, once that is cheap. */
static void drop_taken(struct worker *worker)
{
    struct text *backlog = &worker->backlog;
    if (worker->taken < backlog->length - worker->taken) {
        return;
    }
    const size_t left = backlog->length - worker->taken;
    if (left > 0) {
        memmove(backlog->bytes, backlog->bytes + worker->taken, left);
    }
    backlog->length = left;
    worker->taken = 0;
}

static void receive(struct worker *worker)
{
    static const size_t chunk = 65536;
    char bytes[65536];
    const ssize_t count = read(worker->pipe, bytes, chunk);
    if (count < 0 && errno == EINTR) {
        return;
    }
    if (count <= 0) {
        (void)close(worker->pipe);
        worker->pipe = -1;
        return;
    }
    drop_taken(worker);
    text_add(&worker->backlog, bytes, (size_t)count);
    (void)clock_gettime(CLOCK_MONOTONIC, &worker->since);
}

/* Milliseconds that this worker still has. */
static int time_left(const struct worker_pool *pool, const struct worker *worker)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    const int64_t passed_ms = (now.tv_sec - worker->since.tv_sec) * 1000 +
                              (now.tv_nsec - worker->since.tv_nsec) / 1000000;
    const int64_t left = (int64_t)pool->timeout_s * 1000 - passed_ms;
    return left < 0 ? 0 : (int)left;
}

/* Takes in what workers have to say; waits for it as long as the one whose turn it is may take.
 * False: it took too long. */
static bool listen_to_workers(struct worker_pool *pool, struct worker *awaited)
{
    for (uint32_t i = 0; i < pool->count; i++) {
        struct worker *worker = &pool->workers[i];
        const bool is_full = worker->backlog.length - worker->taken > BACKLOG_BYTES_MAX;
        if (is_full && worker != awaited) {
            (void)clock_gettime(CLOCK_MONOTONIC, &worker->since);
        }
        pool->polls[i] = (struct pollfd){.fd = is_full && worker != awaited ? -1 : worker->pipe,
                                         .events = POLLIN};
    }
    const int left = time_left(pool, awaited);
    const int ready = poll(pool->polls, pool->count, left);
    if (ready < 0) {
        return true;
    }
    for (uint32_t i = 0; i < pool->count; i++) {
        if (pool->polls[i].fd >= 0 && pool->polls[i].revents != 0) {
            receive(&pool->workers[i]);
        }
    }
    const uint32_t turn = (uint32_t)(awaited - pool->workers);
    return pool->polls[turn].revents != 0 || time_left(pool, awaited) > 0;
}

/* ---- endings -------------------------------------------------------------------------------------- */

/* Waits for the process of a worker. False, with how it ended in `room`, when that was not well. */
static bool bury(struct worker *worker, char *room, size_t room_bytes)
{
    int status = 0;
    while (waitpid(worker->process, &status, 0) < 0 && errno == EINTR) {
    }
    worker->process = 0;
    if (worker->pipe >= 0) {
        (void)close(worker->pipe);
        worker->pipe = -1;
    }
    if (WIFSIGNALED(status)) {
        const int number = WTERMSIG(status);
        (void)snprintf(room, room_bytes, "signal %d, %s", number, strsignal(number));
        return false;
    }
    if (WEXITSTATUS(status) != 0) {
        (void)snprintf(room, room_bytes, "exit code %d", WEXITSTATUS(status));
        return false;
    }
    return true;
}

/* The job wanted next died with its worker: says so, and has the rest of the worker's share done by
 * another one. */
static void tell_death(struct worker_pool *pool, struct worker *worker, bool is_late,
                       struct worker_message *out)
{
    char ending[64] = "";
    if (is_late) {
        (void)kill(worker->process, SIGKILL);
    }
    if (bury(worker, ending, sizeof ending)) {
        (void)snprintf(ending, sizeof ending, "it stopped without a word");
    }
    if (is_late) {
        (void)snprintf(pool->death, sizeof pool->death, "no end after %u s of real time: killed",
                       pool->timeout_s);
    } else {
        (void)snprintf(pool->death, sizeof pool->death, "the process running it crashed: %s",
                       ending);
    }
    *out = (struct worker_message){.job = pool->next, .is_last = true, .death = pool->death};
    text_clear(&worker->backlog);
    worker->taken = 0;
    worker->next_job += pool->count;
    pool->next++;
    if (worker->next_job < pool->jobs && !start(pool, worker)) {
        (void)fprintf(stderr, "finwait: cannot start a process: %s\n", strerror(errno));
        exit(3);
    }
}

/* The next whole message of a worker's backlog, if there is one. */
static bool take_message(struct worker_pool *pool, struct worker *worker,
                         struct worker_message *out)
{
    struct header header;
    const size_t there = worker->backlog.length - worker->taken;
    if (there < sizeof header) {
        return false;
    }
    memcpy(&header, worker->backlog.bytes + worker->taken, sizeof header);
    if (there - sizeof header < header.bytes) {
        return false;
    }
    const char *bytes = worker->backlog.bytes + worker->taken + sizeof header;
    *out = (struct worker_message){.job = pool->next,
                                   .is_last = header.is_last != 0,
                                   .bytes = (const uint8_t *)bytes,
                                   .count = header.bytes};
    worker->taken += sizeof header + header.bytes;
    if (out->is_last) {
        worker->next_job += pool->count;
        pool->next++;
    }
    return true;
}

bool workers_next(struct worker_pool *pool, void (*idle)(void *), void *idle_context,
                  struct worker_message *out)
{
    if (pool->next == pool->jobs) {
        return false;
    }
    struct worker *worker = &pool->workers[pool->next % pool->count];
    assert(worker->next_job == pool->next);
    while (!take_message(pool, worker, out)) {
        if (pool->is_local) {
            text_clear(&worker->backlog);
            worker->taken = 0;
            struct worker_outlet outlet = {.pipe = -1, .local = &worker->backlog};
            pool->job(pool->context, pool->next, &outlet);
            continue;
        }
        if (worker->pipe < 0) {
            tell_death(pool, worker, false, out);
            return true;
        }
        idle(idle_context);
        if (!listen_to_workers(pool, worker)) {
            tell_death(pool, worker, true, out);
            return true;
        }
    }
    return true;
}

const char *workers_stop(struct worker_pool *pool, char *room, size_t room_bytes)
{
    bool is_well = true;
    for (uint32_t i = 0; i < pool->count; i++) {
        struct worker *worker = &pool->workers[i];
        const bool is_done = worker->next_job >= pool->jobs;
        if (worker->process != 0) {
            if (!is_done) {
                (void)kill(worker->process, SIGKILL);
            }
            char ending[64];
            if (!bury(worker, ending, sizeof ending) && is_done && is_well) {
                is_well = false;
                (void)snprintf(room, room_bytes, "%s", ending);
            }
        }
        text_free(&worker->backlog);
    }
    free(pool->workers);
    free(pool->polls);
    free(pool);
    return is_well ? NULL : room;
}
