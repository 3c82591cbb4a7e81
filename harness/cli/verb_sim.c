/* finwait sim: seeds in, findings and a summary out. Seeds go to processes in blocks of a fixed size,
 * whose sums are added in order, so that the number of processes changes nothing but the time. */
#include "cli/job.h"
#include "cli/two_hosts.h"
#include "cli/verbs.h"
#include "sim/sim.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SEEDS_PER_BLOCK    100
#define FINDINGS_PER_BLOCK 16
#define FINDINGS_OF_ORACLE 2 /* of a block; what is broken once is often broken all the time */
#define DETAIL_BYTES       200
#define FINDING_NAME_BYTES 80
#define EXIT_FINDINGS      1

struct simulating {
    const struct request *request;
    struct tcp_config config;
    struct sim *sim; /* of this process */
    struct sim_summary sum;
    struct timespec begun;
    bool shows_progress;
    uint64_t deaths;
};

/* What a process tells of a block of seeds. */
struct block_finding {
    uint64_t seed, cause;
    char name[FINDING_NAME_BYTES], host;
    char detail[DETAIL_BYTES];
};

/* A run that was not run to its end. */
struct block_cut {
    uint64_t seed, cut;
};

struct block_result {
    struct sim_summary summary;
    uint64_t finding_count; /* kept */
    struct block_finding findings[FINDINGS_PER_BLOCK];
    uint64_t cut_count;
    struct block_cut cuts[FINDINGS_PER_BLOCK];
};

/* ---- in the processes ------------------------------------------------------------------------------ */

static void note_finding(const struct sim *sim, uint64_t seed, struct block_result *out)
{
    const struct world_finding *const finding = sim_finding(sim);
    uint32_t alike = 0;
    for (uint64_t i = 0; i < out->finding_count; i++) {
        alike += strcmp(out->findings[i].name, finding->name) == 0;
    }
    if (out->finding_count == FINDINGS_PER_BLOCK || alike == FINDINGS_OF_ORACLE) {
        return;
    }
    struct block_finding *const note = &out->findings[out->finding_count++];
    note->seed = seed;
    note->cause = finding->cause;
    note->host = finding->host == CAUSE_HOST_A ? 'a' : 'b';
    (void)snprintf(note->name, sizeof note->name, "%s", finding->name);
    (void)snprintf(note->detail, sizeof note->detail, "%s", finding->detail);
}

static void note_cut(enum sim_cut cut, uint64_t seed, struct block_result *out)
{
    if (cut != SIM_WHOLE && out->cut_count < FINDINGS_PER_BLOCK) {
        out->cuts[out->cut_count++] = (struct block_cut){seed, (uint64_t)cut};
    }
}

static void simulate_block(void *context, uint64_t job, struct worker_outlet *outlet)
{
    struct simulating *const simulating = context;
    const struct request *const request = simulating->request;
    struct block_result result = {0};
    const uint64_t first = request->seed + job * SEEDS_PER_BLOCK;
    const uint64_t end = request->seed + (uint64_t)request->runs;
    if (simulating->sim == NULL) {
        const struct sim_options options = {
            .oracles = request->wants_octets ? WORLD_ORACLES_ALL : WORLD_ORACLES_CHEAP,
            .tcp = &simulating->config,
        };
        simulating->sim = sim_create(&options);
    }
    for (uint64_t seed = first; seed < end && seed < first + SEEDS_PER_BLOCK; seed++) {
        if (!sim_run(simulating->sim, seed, &result.summary)) {
            note_finding(simulating->sim, seed, &result);
        }
        note_cut(sim_cut(simulating->sim), seed, &result);
    }
    worker_send(outlet, &result, sizeof result, true);
}

/* ---- in the one that shows ------------------------------------------------------------------------- */

static double seconds_since(const struct timespec *begun)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - begun->tv_sec) + (double)(now.tv_nsec - begun->tv_nsec) / 1e9;
}

static void show_progress(void *context)
{
    const struct simulating *const simulating = context;
    if (simulating->shows_progress) {
        const double seconds = seconds_since(&simulating->begun);
        (void)fprintf(stderr, "\r%" PRIu64 " of %" PRIu32 " runs, %" PRIu64 " findings, %.0f/s  ",
                      simulating->sum.runs, simulating->request->runs, simulating->sum.findings,
                      (double)simulating->sum.runs / (seconds > 0 ? seconds : 1));
    }
}

/* The command that does it again. */
static void print_replay(const struct simulating *simulating, uint64_t seed, uint64_t runs)
{
    struct text words = TEXT_EMPTY;
    options_replay(simulating->request, &words);
    (void)printf("  replay: finwait sim --seed %" PRIu64 " --runs %" PRIu64 "%s%s\n", seed, runs,
                 simulating->request->wants_octets ? " --octets" : "", text_read(&words));
    text_free(&words);
}

/* The run as a script that does it too, as small as can be. */
static void print_script(const struct simulating *simulating, uint64_t seed)
{
    const struct sim_options options = {.oracles = WORLD_ORACLES_ALL, .tcp = &simulating->config};
    struct sim *const sim = sim_create(&options);
    struct arena *const arena = arena_create();
    struct text words = TEXT_EMPTY;
    if (sim != NULL) {
        struct cause_list list;
        (void)sim_run(sim, seed, NULL);
        two_hosts_take(sim, true, arena, &list);
        two_hosts_print(sim, &list, arena, &words);
        (void)fputs(text_read(&words), stdout);
    }
    text_free(&words);
    arena_destroy(arena);
    sim_destroy(sim);
}

static void show_block(struct simulating *simulating, const struct worker_message *message)
{
    struct block_result result;
    if (message->death != NULL || message->count != sizeof result) {
        const uint64_t first = simulating->request->seed + message->job * SEEDS_PER_BLOCK;
        simulating->deaths++;
        (void)printf("one of the seeds from %" PRIu64 " on took its process down: %s\n", first,
                     message->death != NULL ? message->death : "no result");
        print_replay(simulating, first, SEEDS_PER_BLOCK);
        return;
    }
    memcpy(&result, message->bytes, sizeof result);
    sim_summary_add(&simulating->sum, &result.summary);
    for (uint64_t i = 0; i < result.cut_count && !simulating->request->is_quiet; i++) {
        (void)printf("seed %" PRIu64 " was cut short by %s\n", result.cuts[i].seed,
                     sim_cut_name((enum sim_cut)result.cuts[i].cut));
    }
    for (uint64_t i = 0; i < result.finding_count; i++) {
        const struct block_finding *const finding = &result.findings[i];
        (void)printf("seed %" PRIu64 ": finding: %s: at host %c, cause %" PRIu64 ": %s\n",
                     finding->seed, finding->name, finding->host, finding->cause, finding->detail);
        print_replay(simulating, finding->seed, 1);
        if (simulating->request->minimizes) {
            print_script(simulating, finding->seed);
        }
    }
}

static int show_all(struct simulating *simulating, struct worker_pool *pool)
{
    for (struct worker_message message; workers_next(pool, show_progress, simulating, &message);) {
        show_block(simulating, &message);
        if (simulating->request->stops_early && simulating->sum.findings + simulating->deaths > 0) {
            break;
        }
    }
    if (simulating->shows_progress) {
        (void)fputs("\r\033[K", stderr);
    }
    struct text words = TEXT_EMPTY;
    if (simulating->request->wants_oracle_counts && simulating->request->is_quiet) {
        oracle_counts_print(&simulating->sum.oracles, &words); /* or the summary tells */
    }
    sim_summary_print(&simulating->sum, seconds_since(&simulating->begun),
                      simulating->request->is_quiet, &words);
    const int written = write_out("sim", &words);
    text_free(&words);
    if (simulating->deaths > 0 || written != 0) {
        return EXIT_BROKEN;
    }
    return simulating->sum.findings > 0 ? EXIT_FINDINGS
           : simulating->sum.runs == 0  ? EXIT_NOTHING_RAN
                                        : 0;
}

static int simulate(struct simulating *simulating)
{
    const struct request *const request = simulating->request;
    const uint64_t blocks = ((uint64_t)request->runs + SEEDS_PER_BLOCK - 1) / SEEDS_PER_BLOCK;
    simulating->shows_progress = isatty(STDERR_FILENO) != 0 && !request->is_quiet;
    (void)clock_gettime(CLOCK_MONOTONIC, &simulating->begun);
    struct worker_pool *const pool = workers_start(job_workers(request, blocks), blocks,
                                                   request->timeout_s, simulate_block, simulating);
    if (pool == NULL) {
        (void)fprintf(stderr, "finwait sim: cannot start a process: %s\n", strerror(errno));
        return EXIT_BROKEN;
    }
    const int code = show_all(simulating, pool);
    char room[64];
    (void)workers_stop(pool, room, sizeof room);
    return code;
}

int verb_sim(int argc, char **argv)
{
    struct arena *arena = arena_create();
    struct request request;
    int code = 0;
    if (verb_begin(VERB_SIM, argc, argv, arena, &request, NULL, &code)) {
        struct simulating simulating = {.request = &request};
        code = two_hosts_config("sim", &request, &simulating.config) ? simulate(&simulating)
                                                                     : EXIT_USAGE;
        sim_destroy(simulating.sim);
    }
    arena_destroy(arena);
    return code;
}
