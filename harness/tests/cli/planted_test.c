/* A finding has one name in every form of its input: the simulated run, its octets, its text, the smallest
 * list that does it, and the host alone that it is about. Rules are broken on purpose between the stack and
 * whoever runs it: the linker lets the functions here stand before the stack's own. What they do depends
 * on nothing but what every form has in common, not on ports or initial numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "causes/encoding.h"
#include "causes/text.h"
#include "cli/annotate.h"
#include "cli/one_host.h"
#include "cli/replay_file.h"
#include "cli/two_hosts.h"
#include "cli/verbs.h"
#include "scenario/parse.h"
#include "scenario/print.h"

#define SEEDS_MAX 300

enum plant {
    PLANT_NONE,
    PLANT_ACK_GOES_BACK,   /* W06 */
    PLANT_OCTET_CHANGES,   /* W05 */
    PLANT_EDGE_MOVES,      /* W12 */
    PLANT_MSS_IN_TEXT,     /* W03 */
    PLANT_NO_ACK,          /* W26 */
    PLANT_CHECK_FAILS,     /* T00 */
    PLANT_TIMERS_ARE_LATE, /* R01, R03 */
    PLANT_READ_IS_WRONG,   /* S04 */
    PLANT_NOTHING_IS_DUE,  /* L03 */
};
static enum plant planted; /* whatever the stack is made to do */

/* ---- before the stack ------------------------------------------------------------------------------ */

bool __real_tcp_host_poll_segment(struct tcp_host *host, struct tcp_room room,
                                  struct tcp_segment *out);
bool __wrap_tcp_host_poll_segment(struct tcp_host *host, struct tcp_room room,
                                  struct tcp_segment *out);
const char *__real_tcp_host_check(const struct tcp_host *host);
const char *__wrap_tcp_host_check(const struct tcp_host *host);
tcp_time __real_tcp_host_deadline(const struct tcp_host *host);
tcp_time __wrap_tcp_host_deadline(const struct tcp_host *host);
enum tcp_error __real_tcp_host_receive(struct tcp_host *host, tcp_time now, tcp_handle connection,
                                       struct tcp_room room, size_t *taken);
enum tcp_error __wrap_tcp_host_receive(struct tcp_host *host, tcp_time now, tcp_handle connection,
                                       struct tcp_room room, size_t *taken);

static void change(struct tcp_segment *segment)
{
    const bool is_plain = !tcp_segment_has(segment, TCP_FLAG_SYN | TCP_FLAG_RST | TCP_FLAG_FIN);
    switch (planted) {
    case PLANT_ACK_GOES_BACK:
        if (is_plain && segment->window % 3 == 1) {
            segment->ack.raw -= 2;
        }
        break;
    case PLANT_OCTET_CHANGES:
        if (segment->payload_bytes > 1) {
            ((uint8_t *)(uintptr_t)segment->payload)[segment->payload_bytes / 2] ^= 1;
        }
        break;
    case PLANT_EDGE_MOVES:
        segment->window =
            is_plain && segment->window % 2 == 0 ? segment->window / 2 : segment->window;
        break;
    case PLANT_MSS_IN_TEXT:
        segment->options.has_mss = segment->options.has_mss || segment->payload_bytes == 1;
        segment->options.mss = segment->options.has_mss ? 1460 : 0;
        break;
    case PLANT_NO_ACK:
        if (is_plain && segment->payload_bytes == 10) {
            segment->flags = TCP_FLAG_PSH;
        }
        break;
    case PLANT_NONE:
    case PLANT_CHECK_FAILS:
    case PLANT_TIMERS_ARE_LATE:
    case PLANT_READ_IS_WRONG:
    case PLANT_NOTHING_IS_DUE:
        break;
    }
}

bool __wrap_tcp_host_poll_segment(struct tcp_host *host, struct tcp_room room,
                                  struct tcp_segment *out)
{
    const bool is_one = __real_tcp_host_poll_segment(host, room, out);
    if (is_one) {
        change(out);
    }
    return is_one;
}

const char *__wrap_tcp_host_check(const struct tcp_host *host)
{
    const bool fails =
        planted == PLANT_CHECK_FAILS && tcp_host_last_step(host).after == TCB_FIN_WAIT_2;
    return fails ? "planted" : __real_tcp_host_check(host);
}

tcp_time __wrap_tcp_host_deadline(const struct tcp_host *host)
{
    tcp_time due = __real_tcp_host_deadline(host);
    if (planted == PLANT_TIMERS_ARE_LATE && due.us != UINT64_MAX) {
        due.us += 3;
    } else if (planted == PLANT_NOTHING_IS_DUE && due.us == UINT64_MAX) {
        due.us = UINT64_MAX / 2;
    }
    return due;
}

enum tcp_error __wrap_tcp_host_receive(struct tcp_host *host, tcp_time now, tcp_handle connection,
                                       struct tcp_room room, size_t *taken)
{
    const enum tcp_error error = __real_tcp_host_receive(host, now, connection, room, taken);
    if (planted == PLANT_READ_IS_WRONG && error == TCP_OK && *taken > 1) {
        room.bytes[*taken / 2] ^= 1;
    }
    return error;
}

/* ---- the forms ------------------------------------------------------------------------------------- */

struct forms {
    struct arena *arena;
    struct sim *sim;
    char name[100];    /* of the first one */
    const char *alone; /* what is said of the host alone */
    enum cause_host host;
};

static void expect_same(const struct forms *forms, const char *form)
{
    const struct world_finding *const found = sim_finding(forms->sim);
    if (found == NULL || strcmp(found->name, forms->name) != 0) {
        fail_msg("%s: %s, not %s", form, found == NULL ? "nothing" : found->name, forms->name);
    }
}

static void hold_octets(struct forms *forms, const struct cause_list *list)
{
    const size_t count = cause_encode(list, (struct tcp_room){0});
    uint8_t *const bytes = arena_take(forms->arena, count);
    struct cause_list decoded;
    (void)cause_encode(list, (struct tcp_room){bytes, count});
    cause_decode(bytes, count, arena_take(forms->arena, count * sizeof(struct cause)), count,
                 &decoded);
    (void)sim_replay(forms->sim, &decoded, true);
    expect_same(forms, "octets");
}

static void hold_text(struct forms *forms, const struct cause_list *list, const char *form)
{
    struct text text = TEXT_EMPTY;
    struct parse_result parsed;
    struct cause_list back;
    struct cause_refusal why;
    scenario_print(&text, cause_to_scenario(list, forms->arena));
    scenario_parse("text.pkt", text_read(&text), text.length, NULL, 0, forms->arena, &parsed);
    assert_non_null(parsed.scenario);
    assert_true(cause_from_scenario(parsed.scenario, forms->arena, &back, &why));
    (void)sim_replay(forms->sim, &back, true);
    expect_same(forms, form);
    text_free(&text);
}

/* True: the host alone can be shown, and what it finds is what it should be. */
static bool hold_alone(struct forms *forms, const struct cause_list *list, const char *form)
{
    struct text text = TEXT_EMPTY;
    const bool is_shown = one_host_print(forms->sim, list, forms->host, forms->arena, &text) == 0;
    if (is_shown && (strstr(text_read(&text), forms->alone) == NULL ||
                     strstr(text_read(&text), forms->name) == NULL)) {
        fail_msg("%s: not %s:\n%s", form, forms->name, text_read(&text));
    }
    text_free(&text);
    return is_shown;
}

/* The last run's finding in all its forms. False: as small as can be, its host still met more than a script of
 * one host can tell apart. */
static bool hold_forms(struct forms *forms, uint64_t seed)
{
    const struct world_finding *const found = sim_finding(forms->sim);
    (void)snprintf(forms->name, sizeof forms->name, "%s", found->name);
    forms->host = found->host;
    struct cause_list whole, least;
    two_hosts_take(forms->sim, false, forms->arena, &whole);
    two_hosts_take(forms->sim, true, forms->arena, &least);
    expect_same(forms, "as small as can be");
    hold_octets(forms, &whole);
    hold_text(forms, &whole, "text");
    hold_text(forms, &least, "text, as small as can be");
    const bool is_whole_shown = hold_alone(forms, &whole, "alone");
    const bool is_least_shown = hold_alone(forms, &least, "alone, as small as can be");
    print_message("seed %llu: %s; alone: %s\n", (unsigned long long)seed, forms->name,
                  is_whole_shown && is_least_shown ? "as it should be, whole and small"
                  : is_least_shown                 ? "as it should be, small"
                                                   : "cannot be shown");
    return is_least_shown;
}

/* The first seeds that find what was planted, until one can be shown alone. */
static void hold_plant(enum plant plant, const char *id, const char *alone)
{
    const struct sim_options options = {.oracles = WORLD_ORACLES_ALL};
    struct forms forms = {.arena = arena_create(), .sim = sim_create(&options), .alone = alone};
    bool is_held = false;
    planted = plant;
    for (uint64_t seed = 1; seed < SEEDS_MAX && !is_held; seed++) {
        is_held = !sim_run(forms.sim, seed, NULL) &&
                  strstr(id, sim_finding(forms.sim)->oracle->id) != NULL &&
                  hold_forms(&forms, seed);
    }
    assert_true(is_held);
    planted = PLANT_NONE;
    sim_destroy(forms.sim);
    arena_destroy(forms.arena);
}

static void a_finding_has_one_name_in_every_form(void **state)
{
    (void)state;
    static const char the_same[] = "// alone: the same\n";
    hold_plant(PLANT_ACK_GOES_BACK, "W06", the_same);
    hold_plant(PLANT_OCTET_CHANGES, "W05", the_same);
    hold_plant(PLANT_EDGE_MOVES, "W12", the_same);
    hold_plant(PLANT_MSS_IN_TEXT, "W03", the_same);
    hold_plant(PLANT_NO_ACK, "W26", the_same);
    hold_plant(PLANT_CHECK_FAILS, "T00", the_same);
    hold_plant(PLANT_TIMERS_ARE_LATE, "R01 R03 R06", the_same);
    hold_plant(PLANT_READ_IS_WRONG, "S04", the_same);
}

/* Only behind the end of a run of both hosts is it known that nothing may happen any more. */
static void what_needs_both_hosts_says_so(void **state)
{
    (void)state;
    hold_plant(PLANT_NOTHING_IS_DUE, "L03",
               "// alone: it does not come back\n"
               "// L03 judges two hosts, up to the end of all: one alone may not show it\n");
}

/* A script of both hosts finds what shows behind their end only, when it is replayed as when it is run. */
static void a_script_of_two_hosts_is_replayed_to_the_end_of_both(void **state)
{
    (void)state;
    const struct sim_options options = {.oracles = WORLD_ORACLES_ALL};
    struct sim *const sim = sim_create(&options);
    struct arena *const arena = arena_create();
    struct cause_list list;
    struct text script = TEXT_EMPTY;
    char path[] = "/tmp/planted-XXXXXX.pkt";
    planted = PLANT_NOTHING_IS_DUE;
    for (uint64_t seed = 1; sim_run(sim, seed, NULL); seed++) {
        assert_true(seed < SEEDS_MAX);
    }
    two_hosts_take(sim, true, arena, &list);
    two_hosts_print(sim, &list, arena, &script);
    text_string(&script, "+0 wait for 17us\n");
    const int file = mkstemps(path, 4);
    assert_true(file >= 0);
    assert_int_equal(write(file, text_read(&script), script.length), (ssize_t)script.length);
    assert_int_equal(close(file), 0);
    assert_int_equal(replay_play(path), 1);
    char small[] = "/tmp/planted-XXXXXX.pkt";
    assert_int_equal(close(mkstemps(small, 4)), 0);
    char verb[] = "min", option[] = "-o";
    char *words[] = {verb, path, option, small, NULL};
    assert_int_equal(verb_min(4, words), 0);
    struct text least = TEXT_EMPTY;
    assert_null(file_read(small, &least));
    assert_null(strstr(text_read(&least), "wait for 17us"));
    text_free(&least);
    planted = PLANT_NONE;
    assert_int_equal(replay_play(path), 0);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(unlink(small), 0);
    text_free(&script);
    arena_destroy(arena);
    sim_destroy(sim);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_finding_has_one_name_in_every_form),
        cmocka_unit_test(what_needs_both_hosts_says_so),
        cmocka_unit_test(a_script_of_two_hosts_is_replayed_to_the_end_of_both),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
