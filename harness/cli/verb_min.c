/* finwait min: what a finding does not need is taken away, causes first, then fields. Every try is a
 * file that is played as replay does, since a finding may be a crash. */
#include "causes/encoding.h"
#include "cli/cause_input.h"
#include "cli/one_host.h"
#include "cli/replay_file.h"
#include "cli/scratch_file.h"
#include "cli/verbs.h"
#include "scenario/print.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS_MAX 8
#define TIMEOUT_S  60

struct minimising {
    struct arena *arena;
    struct cause_list list; /* the smallest so far that still finds it */
    bool tries_scripts;     /* of two hosts: what is played to the end of both */
    const char *path;       /* of the file that is tried */
    char name[REPLAY_WORDS_BYTES];
};

/* What findings are told apart by: the words before the first colon. */
static void name_of(const struct replay_outcome *outcome, char name[REPLAY_WORDS_BYTES])
{
    const size_t count = strcspn(outcome->words, ":");
    memcpy(name, outcome->words, count);
    name[count] = '\0';
}

static void write_script(const struct minimising *work, const struct cause_list *list)
{
    struct text words = TEXT_EMPTY;
    struct arena *const arena = arena_create();
    scenario_print(&words, cause_to_scenario(list, arena));
    (void)write_file("min", work->path, &words);
    arena_destroy(arena);
    text_free(&words);
}

static void write_octets(const struct minimising *work, const struct cause_list *list)
{
    struct text octets = TEXT_EMPTY;
    const size_t count = cause_encode(list, (struct tcp_room){0});
    uint8_t *const bytes = malloc(count);
    if (bytes != NULL) {
        (void)cause_encode(list, (struct tcp_room){bytes, count});
        text_add(&octets, (const char *)bytes, count);
    }
    free(bytes);
    (void)write_file("min", work->path, &octets);
    text_free(&octets);
}

/* Takes the list over if it still finds the same. */
static bool try_list(struct minimising *work, const struct cause_list *list)
{
    struct replay_outcome outcome;
    char name[REPLAY_WORDS_BYTES];
    (work->tries_scripts ? write_script : write_octets)(work, list);
    replay_file(work->path, replay_play, TIMEOUT_S, &outcome);
    name_of(&outcome, name);
    const bool is_same = outcome.state == REPLAY_REPRODUCED && strcmp(name, work->name) == 0;
    if (is_same) {
        memcpy(work->list.items, list->items, list->count * sizeof *list->items);
        work->list.count = list->count;
    }
    return is_same;
}

/* A copy to be changed. */
static struct cause_list copy_of(struct minimising *work)
{
    struct cause_list copy = work->list;
    copy.items = arena_take(work->arena, (copy.count + 1) * sizeof *copy.items);
    memcpy(copy.items, work->list.items, copy.count * sizeof *copy.items);
    return copy;
}

/* Takes out `chunk` causes at a time, wherever they are not needed. */
static bool drop_causes(struct minimising *work, size_t chunk)
{
    bool is_smaller = false;
    for (size_t at = 0; at + chunk <= work->list.count;) {
        struct cause_list less = copy_of(work);
        memmove(less.items + at, less.items + at + chunk,
                (less.count - at - chunk) * sizeof *less.items);
        less.count -= chunk;
        if (try_list(work, &less)) {
            is_smaller = true;
        } else {
            at++;
        }
    }
    return is_smaller;
}

/* The ways in which a packet can be plainer; false: there are no more. */
static bool plainer(struct cause_packet *packet, int way)
{
    switch (way) {
    case 0:
        packet->payload_bytes = 0;
        packet->has_text = 0;
        return true;
    case 1:
        packet->options = 0;
        return true;
    case 2:
        packet->window = UINT16_MAX;
        return true;
    case 3:
        packet->seq.offset = 0;
        return true;
    case 4:
        packet->ack.offset = 0;
        return true;
    case 5:
        packet->flags &=
            (uint16_t) ~(TCP_FLAG_PSH | TCP_FLAG_URG | TCP_FLAG_ECE | TCP_FLAG_CWR | TCP_FLAG_AE);
        packet->urgent = 0;
        return true;
    case 6:
        packet->is_joined = 0;
        packet->traffic_class = 0;
        return true;
    }
    return false;
}

/* The same for the other kinds of causes, all of which may also be host a's. */
static bool plainer_other(struct cause *cause, int way)
{
    switch (way) {
    case 0:
        if (cause->kind == CAUSE_CALL) {
            cause->as.call.flags = 0;
        } else if (cause->kind == CAUSE_WAIT) {
            cause->as.wait.us = cause->as.wait.us > 1000000 ? 1000000 : 0; /* a second, or none */
        } else if (cause->kind == CAUSE_SET) {
            cause->as.set.value = 1;
        } else if (cause->kind == CAUSE_ICMP) {
            cause->as.icmp.quoted_seq.offset = 0;
        } else if (cause->kind == CAUSE_EDIT) {
            cause->as.edit.count = 1;
        }
        return true;
    case 1:
        if (cause->kind == CAUSE_CALL) {
            cause->as.call.number = cause->as.call.number > 1 ? 1 : cause->as.call.number;
        } else if (cause->kind == CAUSE_WAIT) {
            cause->as.wait.us /= 2;
        } else if (cause->kind == CAUSE_SET) {
            cause->as.set.value = 0;
        } else if (cause->kind == CAUSE_ICMP) {
            cause->as.icmp.quoted_bytes = CAUSE_QUOTED_MIN;
        } else if (cause->kind == CAUSE_EDIT) {
            cause->as.edit.us = 0;
        }
        return true;
    case 2:
        if (cause->kind == CAUSE_CALL) {
            cause->as.call.number /= 2;
        } else if (cause->kind == CAUSE_EDIT) {
            cause->as.edit.packet /= 2;
        }
        return true;
    }
    return false;
}

static bool make_plainer(struct cause *cause, int way)
{
    return cause->kind == CAUSE_PACKET ? plainer(&cause->as.packet, way)
                                       : plainer_other(cause, way);
}

static bool simplify(struct minimising *work)
{
    bool is_simpler = false;
    for (size_t at = 0; at < work->list.count; at++) {
        for (int way = 0;; way++) {
            struct cause_list plain = copy_of(work);
            if (!make_plainer(&plain.items[at], way)) {
                break;
            }
            cause_list_normalise(&plain);
            if (!cause_list_same(&plain, &work->list) && try_list(work, &plain)) {
                is_simpler = true;
            }
        }
    }
    return is_simpler;
}

static void minimise(struct minimising *work)
{
    bool is_changed = true;
    for (int round = 0; round < ROUNDS_MAX && is_changed; round++) {
        is_changed = false;
        for (size_t chunk = (work->list.count + 1) / 2; chunk > 0; chunk /= 2) {
            is_changed = drop_causes(work, chunk) || is_changed;
        }
        is_changed = simplify(work) || is_changed;
    }
}

static bool is_script(const char *path)
{
    const size_t length = strlen(path);
    return strcmp(path, "-") == 0 || (length > 4 && strcmp(path + length - 4, ".pkt") == 0);
}

static int write_result(struct minimising *work, const char *path)
{
    struct text words = TEXT_EMPTY;
    if (is_script(path)) {
        scenario_print(&words, cause_to_scenario(&work->list, work->arena));
    } else {
        const size_t count = cause_encode(&work->list, (struct tcp_room){0});
        uint8_t *const bytes = arena_take(work->arena, count);
        (void)cause_encode(&work->list, (struct tcp_room){bytes, count});
        text_add(&words, (const char *)bytes, count);
    }
    const int code = write_file("min", path, &words);
    text_free(&words);
    return code;
}

static int complain_of_nothing(const char *input, enum replay_state state)
{
    (void)fprintf(stderr, "finwait min: there is no finding in %s: %s\n", input,
                  replay_state_name(state));
    return EXIT_NOT_REPRODUCED;
}

/* Puts what one of two hosts met in place of the list. What is found of both may need the end of all,
 * which the world of the fuzz targets does not run to. */
static int take_host(struct minimising *work, const struct request *request, struct sim *sim)
{
    struct cause_list alone;
    if (!one_host_project("min", sim, &work->list, one_host_named(request->host), work->arena,
                          &alone)) {
        return EXIT_USAGE;
    }
    const struct world_finding *const found = sim_finding(sim);
    if (found == NULL) {
        return complain_of_nothing(request->paths[0], REPLAY_FIXED);
    }
    (void)snprintf(work->name, sizeof work->name, "%s", found->name);
    work->list = alone;
    return 0;
}

static int begin_with_host(struct minimising *work, const struct request *request)
{
    if (work->list.start.hosts == 1) {
        return complain("min", "--host chooses one of two hosts", EXIT_USAGE);
    }
    int code = 0;
    struct sim *const sim = one_host_open("min", request, &code);
    if (sim != NULL) {
        code = take_host(work, request, sim);
    }
    sim_destroy(sim);
    return code;
}

static int begin_with_all(struct minimising *work, const char *input)
{
    struct replay_outcome outcome;
    replay_file(input, replay_play, TIMEOUT_S, &outcome);
    name_of(&outcome, work->name);
    return outcome.state == REPLAY_REPRODUCED ? 0 : complain_of_nothing(input, outcome.state);
}

/* The finding of both must be that of the host alone, or there is nothing to keep. */
static int minimise_host(struct minimising *work)
{
    const struct cause_list whole = copy_of(work);
    if (!try_list(work, &whole)) {
        return complain("min", "the host alone does not show what both do", EXIT_NOT_REPRODUCED);
    }
    minimise(work);
    return 0;
}

static int run_min(const struct request *request, struct arena *arena)
{
    struct minimising work = {.arena = arena};
    const char *const input = request->paths[0];
    int code = cause_input_read("min", input, arena, &work.list);
    if (code == 0) {
        code =
            request->host != NULL ? begin_with_host(&work, request) : begin_with_all(&work, input);
    }
    if (code != 0) {
        return code;
    }
    work.tries_scripts = work.list.start.hosts == 2 && cause_input_is_script(input);
    work.path = scratch_file_make(work.tries_scripts ? ".pkt" : "");
    if (work.path == NULL) {
        return complain("min", "no file can be made to try with", EXIT_BROKEN);
    }
    if (request->host != NULL) {
        code = minimise_host(&work);
    } else {
        minimise(&work);
    }
    scratch_file_remove();
    return code != 0 ? code : write_result(&work, request->output == NULL ? "-" : request->output);
}

static int choose(const struct request *request, struct arena *arena)
{
    if (request->path_count != 1) {
        return complain("min", "one input is to be named", EXIT_USAGE);
    }
    if (request->host != NULL && strcmp(request->host, "a") != 0 &&
        strcmp(request->host, "b") != 0) {
        return complain("min", "the two hosts are a and b", EXIT_USAGE);
    }
    return run_min(request, arena);
}

int verb_min(int argc, char **argv)
{
    struct arena *const arena = arena_create();
    struct request request;
    int code = 0;
    if (verb_begin(VERB_MIN, argc, argv, arena, &request, NULL, &code)) {
        code = choose(&request, arena);
    }
    arena_destroy(arena);
    return code;
}
