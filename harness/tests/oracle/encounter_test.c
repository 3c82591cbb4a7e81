/* T04, T05 and T07 between a look before and a look after: which steps are judged, by which, and how. */
#include "build_trace.h"

#include <string.h>

#include "oracle/encounter.h"

#define LAST_STEP UINT32_MAX /* numbers wrap */

struct case_of_one {
    struct encounter met;
    struct encounter_outcome outcome;
    struct tcp_segment segment;
    struct tcp_config config;
};

/* An ACK of nothing new, taken by an established connection. */
static void begin_case(struct case_of_one *it)
{
    memset(it, 0, sizeof *it);
    it->met.step = LAST_STEP;
    it->met.connection = (tcp_handle){.slot = 3, .generation = 7};
    it->met.before.state = TCB_ESTABLISHED;
    it->met.before.iss = (tcp_seqno){UINT32_MAX};
    it->segment.flags = TCP_FLAG_ACK;
    it->segment.window = 500;
    it->outcome.step = (struct tcp_step_record){.connection = it->met.connection,
                                                .cause = TCP_CAUSE_SEGMENT,
                                                .before = TCB_ESTABLISHED,
                                                .after = TCB_ESTABLISHED,
                                                .verdict = TCP_VERDICT_ACCEPT};
    it->outcome.segment = &it->segment;
    it->outcome.config = &it->config;
    it->outcome.asks_window = true;
    it->config.rfc5961 = 1;
}

static uint64_t verdicts_of(const struct scene *scene, const char *id)
{
    size_t count;
    const struct oracle_description *const *const rows = oracle_catalogue(&count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(rows[i]->id, id) == 0) {
            return oracle_set_evaluations(scene->set, i);
        }
    }
    return 0;
}

static size_t findings_of(const struct scene *scene)
{
    size_t count;
    (void)oracle_set_findings(scene->set, &count);
    return count;
}

static void a_step_of_another_cause_is_not_judged(void **state)
{
    (void)state;
    struct scene *const scene = scene_open(4);
    struct case_of_one it;
    begin_case(&it);
    assert_true(encounter_judge(&it.met, &it.outcome, scene->set));
    it.outcome.step.number = LAST_STEP; /* the segment did nothing */
    assert_false(encounter_judge(&it.met, &it.outcome, scene->set));
    begin_case(&it);
    it.outcome.step.connection.generation++; /* it began another life */
    assert_false(encounter_judge(&it.met, &it.outcome, scene->set));
    begin_case(&it);
    it.outcome.step.connection.slot++;
    assert_false(encounter_judge(&it.met, &it.outcome, scene->set));
    begin_case(&it);
    it.met.connection = it.outcome.step.connection = TCP_HANDLE_NONE;
    assert_false(encounter_judge(&it.met, &it.outcome, scene->set));
    begin_case(&it);
    it.outcome.asks_window = false;
    assert_false(encounter_judge(&it.met, &it.outcome, scene->set));
    scene_close(scene);
}

static void a_timer_that_is_due_first_spoils_the_case(void **state)
{
    (void)state;
    assert_true(encounter_is_on_time((tcp_time){7}, (tcp_time){7}));
    assert_true(encounter_is_on_time(TCP_TIME_NEVER, (tcp_time){7}));
    assert_false(encounter_is_on_time((tcp_time){6}, (tcp_time){7}));
}

static void what_was_taken_is_asked_of_its_window(void **state)
{
    (void)state;
    struct scene *const scene = scene_open(4);
    struct case_of_one it;
    begin_case(&it);
    struct tcp_status after = it.met.before;
    after.snd_wnd = 500;
    encounter_judge_change(&it.met, &it.outcome, &after, scene->set);
    assert_int_equal(verdicts_of(scene, "T05"), 1);
    assert_int_equal(findings_of(scene), 0);
    after.snd_wnd = 501;
    encounter_judge_change(&it.met, &it.outcome, &after, scene->set);
    assert_int_equal(findings_of(scene), 1);
    scene_close(scene);
}

static void what_was_refused_is_asked_of_any_change(void **state)
{
    (void)state;
    struct scene *const scene = scene_open(4);
    struct case_of_one it;
    begin_case(&it);
    it.outcome.step.verdict = TCP_VERDICT_ACK;
    it.outcome.step.check = TCP_CHECK_SEQUENCE;
    it.outcome.asks_window = false;
    assert_true(encounter_judge(&it.met, &it.outcome, scene->set));
    struct tcp_status after = it.met.before;
    encounter_judge_change(&it.met, &it.outcome, &after, scene->set);
    assert_int_equal(verdicts_of(scene, "T04"), 1);
    assert_int_equal(findings_of(scene), 0);
    after.snd_wnd++;
    encounter_judge_change(&it.met, &it.outcome, &after, scene->set);
    assert_int_equal(findings_of(scene), 1);
    scene_close(scene);
}

static void a_reset_is_judged_where_settings_leave_no_doubt(void **state)
{
    (void)state;
    struct scene *const scene = scene_open(4);
    struct case_of_one it;
    begin_case(&it);
    it.segment.flags = TCP_FLAG_RST;
    it.segment.seq = (tcp_seqno){1};
    it.outcome.step.after = TCB_CLOSED;
    it.config.rfc5961 = 0; /* any in the window counts */
    (void)encounter_judge(&it.met, &it.outcome, scene->set);
    it.config.rfc5961 = 1;
    it.outcome.step.before = TCB_TIME_WAIT; /* RFC 1337: it may be ignored */
    (void)encounter_judge(&it.met, &it.outcome, scene->set);
    assert_int_equal(verdicts_of(scene, "T07"), 0);
    it.config.resets_end_time_wait = 1;
    (void)encounter_judge(&it.met, &it.outcome, scene->set);
    it.outcome.step.before = TCB_ESTABLISHED;
    (void)encounter_judge(&it.met, &it.outcome, scene->set);
    assert_int_equal(verdicts_of(scene, "T07"), 2);
    assert_int_equal(findings_of(scene), 2);
    scene_close(scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_of_another_cause_is_not_judged),
        cmocka_unit_test(a_timer_that_is_due_first_spoils_the_case),
        cmocka_unit_test(what_was_taken_is_asked_of_its_window),
        cmocka_unit_test(what_was_refused_is_asked_of_any_change),
        cmocka_unit_test(a_reset_is_judged_where_settings_leave_no_doubt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
