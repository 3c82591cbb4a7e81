/* finwait cmin: of many inputs, the smallest ones that together still do all that any of them does. What
 * an input does is told by its run: which steps it brings about (state before, cause or deciding check,
 * verdict) and which changes of state, each roughly by how often. */
#include "base/block.h"
#include "causes/prologue.h"
#include "cli/cause_input.h"
#include "cli/verbs.h"
#include "world/world.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define EVENTS ((size_t)TCP_CAUSE_COUNT + TCP_CHECK_COUNT)
#define STEPS  ((size_t)TCB_STATE_COUNT * EVENTS * TCP_VERDICT_COUNT)
#define KINDS  (STEPS + (size_t)TCB_STATE_COUNT * TCB_STATE_COUNT)

struct candidate {
    const char *path;
    size_t bytes;
};

struct reduction {
    struct arena *arena;
    struct candidate *items;
    size_t count, capacity;
    void *block; /* of the one world */
    struct world_config config;
    uint32_t counts[KINDS]; /* of the input that was played last */
    uint8_t seen[KINDS];    /* by kind, a bit for each size of a count */
    size_t played, kept, findings, left_out;
    int worst; /* the exit code of what was left out, but for findings */
};

/* ---- which inputs -------------------------------------------------------------------------------- */

static void add(struct reduction *work, const char *path, size_t bytes)
{
    void *items = work->items;
    arena_grow(work->arena, &items, &work->capacity, work->count, sizeof *work->items);
    work->items = items;
    work->items[work->count++] = (struct candidate){path, bytes};
}

static void complain_of_path(const char *path, const char *error)
{
    (void)fprintf(stderr, "finwait cmin: %s: cannot be read: %s\n", path, error);
}

/* One input of many does not stand in the way of the others. */
static void leave_out(struct reduction *work, const char *path, int code)
{
    (void)fprintf(stderr, "finwait cmin: %s: cannot be played, left out\n", path);
    work->left_out++;
    work->worst = code > work->worst ? code : work->worst;
}

/* An entry of a folder; what is neither a file nor a link to nothing is none of ours. */
static void add_entry(struct reduction *work, const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0) {
        complain_of_path(path, strerror(errno));
        leave_out(work, path, EXIT_BROKEN);
    } else if (S_ISREG(status.st_mode)) {
        add(work, path, (size_t)status.st_size);
    }
}

/* NULL, or why it cannot be read. */
static const char *add_folder(struct reduction *work, const char *path)
{
    DIR *const folder = opendir(path);
    if (folder == NULL) {
        return strerror(errno);
    }
    errno = 0;
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL; errno = 0) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            add_entry(work, arena_format(work->arena, "%s/%s", path, entry->d_name));
        }
    }
    const int error = errno;
    (void)closedir(folder);
    return error == 0 ? NULL : strerror(error);
}

/* NULL, or why what was named cannot be read. */
static const char *add_path(struct reduction *work, const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0) {
        return strerror(errno);
    }
    if (S_ISDIR(status.st_mode)) {
        return add_folder(work, path);
    }
    if (!S_ISREG(status.st_mode)) {
        return "it is no regular file";
    }
    add(work, path, (size_t)status.st_size);
    return NULL;
}

/* Small ones first; equal ones by name, so that the answer is always the same. */
static int by_size(const void *left, const void *right)
{
    const struct candidate *const a = left;
    const struct candidate *const b = right;
    return a->bytes != b->bytes ? (a->bytes < b->bytes ? -1 : 1) : strcmp(a->path, b->path);
}

/* ---- what they do -------------------------------------------------------------------------------- */

static void count_record(struct reduction *work, const struct trace_record *record)
{
    if (record->kind == TRACE_STATE) {
        work->counts[STEPS + (size_t)record->as.state.from * TCB_STATE_COUNT +
                     (size_t)record->as.state.to]++;
    } else if (record->kind == TRACE_STEP) {
        const struct tcp_step_record *const step = &record->as.step;
        const size_t event = step->cause == TCP_CAUSE_SEGMENT
                                 ? (size_t)TCP_CAUSE_COUNT + (size_t)step->check
                                 : (size_t)step->cause;
        work->counts[((size_t)step->before * EVENTS + event) * TCP_VERDICT_COUNT +
                     (size_t)step->verdict]++;
    }
}

/* False: something was found. */
static bool play(struct reduction *work, const struct cause_list *list)
{
    struct cause prologue[PROLOGUE_CAUSES_MAX];
    const size_t prologues =
        list->start.hosts == 1 ? prologue_causes((enum prologue)list->start.prologue, prologue) : 0;
    struct world *const world =
        world_begin(work->block, world_bytes(&work->config), &list->start, &work->config);
    if (world == NULL) {
        return false;
    }
    for (size_t index = 0; index < prologues; index++) {
        (void)world_apply(world, &prologue[index]);
    }
    for (size_t index = 0; index < list->count && world_apply(world, &list->items[index]);
         index++) {
        /* the next one */
    }
    world_finish(world);
    memset(work->counts, 0, sizeof work->counts);
    for (uint8_t host = 0; host < world_hosts(world); host++) {
        const struct trace *const trace = world_trace(world, (enum cause_host)host);
        for (size_t index = 0; index < trace->record_count; index++) {
            count_record(work, &trace->records[index]);
        }
    }
    const bool is_clean = world_finding(world) == NULL;
    world_end(world);
    return is_clean;
}

/* 1, 2, 3, 4 to 7, 8 to 15, 16 to 31, 32 to 127, more. */
static uint8_t size_of(uint32_t count)
{
    static const uint32_t ends[] = {1, 2, 3, 7, 15, 31, 127};
    uint8_t size = 0;
    while (size < sizeof ends / sizeof *ends && count > ends[size]) {
        size++;
    }
    return size;
}

/* Takes in what the last input did; was any of it new? */
static bool is_new(struct reduction *work)
{
    bool is_any_new = false;
    for (size_t kind = 0; kind < KINDS; kind++) {
        const uint8_t bit = (uint8_t)(1u << size_of(work->counts[kind]));
        if (work->counts[kind] > 0 && (work->seen[kind] & bit) == 0) {
            work->seen[kind] |= bit;
            is_any_new = true;
        }
    }
    return is_any_new;
}

/* ---- the verb ------------------------------------------------------------------------------------ */

static void tell_sum(const struct reduction *work)
{
    (void)fprintf(stderr, "%zu of %zu inputs do all that they do", work->kept,
                  work->played - work->findings);
    if (work->left_out > 0) {
        (void)fprintf(stderr, ", %zu cannot be played", work->left_out);
    }
    (void)fputs("\n", stderr);
}

static int reduce(struct reduction *work, struct text *out)
{
    if (work->count > 0) {
        qsort(work->items, work->count, sizeof *work->items, by_size);
    }
    for (size_t index = 0; index < work->count; index++) {
        struct arena *const arena = arena_create();
        const char *const path = work->items[index].path;
        struct cause_list list;
        const int code = cause_input_read("cmin", path, arena, &list);
        work->played += code == 0;
        if (code != 0) {
            leave_out(work, path, code);
        } else if (!play(work, &list)) {
            work->findings++;
            (void)fprintf(stderr, "finwait cmin: %s: a finding, left out\n", path);
        } else if (is_new(work)) {
            work->kept++;
            text_format(out, "%s\n", path);
        }
        arena_destroy(arena);
    }
    tell_sum(work);
    return work->worst != 0 ? work->worst : work->findings > 0 ? 1 : 0;
}

static int run_cmin(const struct request *request, struct reduction *work)
{
    for (size_t index = 0; index < request->path_count; index++) {
        const char *const path = request->paths[index];
        const char *const error = add_path(work, path);
        if (error != NULL) {
            complain_of_path(path, error);
            return unreadable(path);
        }
    }
    if (work->count == 0) {
        return complain("cmin", "there is no input",
                        work->worst != 0 ? work->worst : EXIT_NOTHING_RAN);
    }
    work->config = world_config_play();
    work->block = block_create(world_bytes(&work->config));
    if (work->block == NULL) {
        return complain("cmin", "out of memory", EXIT_BROKEN);
    }
    struct text out = TEXT_EMPTY;
    int code = reduce(work, &out);
    const int written = write_out("cmin", &out);
    text_free(&out);
    free(work->block);
    return written != 0 ? written : code;
}

int verb_cmin(int argc, char **argv)
{
    struct arena *const arena = arena_create();
    struct request request;
    int code = 0;
    if (verb_begin(VERB_CMIN, argc, argv, arena, &request, NULL, &code)) {
        struct reduction *const work = arena_take(arena, sizeof *work);
        work->arena = arena;
        code = request.path_count > 0
                   ? run_cmin(&request, work)
                   : complain("cmin", "folders of inputs are to be named", EXIT_USAGE);
    }
    arena_destroy(arena);
    return code;
}
