/* W18: what an ACK that asks for nothing draws. */
#include "build_trace.h"

static void give_idle_ack(struct scene *scene)
{
    given(scene, (struct piece){.flags = A, .seq = 1, .ack = 1, .window = 5000});
}

static void an_answer_to_an_idle_ack_fires(void **state)
{
    (void)state;
    for (uint32_t answers = 0; answers < 2; answers++) {
        struct scene *scene = scene_connected(5000);
        give_idle_ack(scene);
        if (answers > 0) {
            sent(scene, (struct piece){.flags = A, .seq = 1, .ack = 1, .window = 2000});
        }
        drained(scene);
        (answers == 0 ? holds : only_fires)(scene, "W18");
    }
}

/* A second segment that carries URG, behind an idle ACK; the first stood at the same place. */
static void point_again(uint16_t before, uint16_t urgent, bool is_answer)
{
    struct scene *scene = scene_connected(5000);
    wrote(scene, 1460);
    drained(scene);
    sent(scene, (struct piece){.flags = UA, .seq = 1, .ack = 1, .window = 2000, .urgent = before});
    drained(scene);
    give_idle_ack(scene);
    sent(scene, (struct piece){.flags = UA, .seq = 1, .ack = 1, .window = 2000, .urgent = urgent});
    drained(scene);
    (is_answer ? only_fires : holds)(scene, "W18");
}

static void an_idle_ack_may_be_followed_by_word_of_new_urgent_text(void **state)
{
    (void)state;
    point_again(100, 101, false);
    point_again(100, 100, true);
    point_again(100, 99, true);
    point_again(65534, 1, true);
    point_again(65534, 65535, false);
    point_again(65535, 65535, false); /* what is behind it may have grown */
    struct scene *scene = scene_connected(5000);
    give_idle_ack(scene);
    sent(scene, (struct piece){.flags = UA, .seq = 1, .ack = 1, .window = 2000, .urgent = 1});
    drained(scene);
    holds(scene, "W18");
}

/* An old segment draws its ACK; what it acknowledges may let a writer go on, whose text is urgent. */
static void an_old_segment_may_be_followed_by_word_of_new_urgent_text(void **state)
{
    (void)state;
    for (uint16_t more = 0; more < 2; more++) {
        struct scene *scene = scene_connected(5000);
        wrote(scene, 1460);
        sent(scene, (struct piece){.flags = UA, .seq = 1, .ack = 1, .window = 2000, .urgent = 100});
        drained(scene);
        given(scene, (struct piece){.flags = A, .seq = 0, .ack = 1, .window = 5000});
        sent(scene, (struct piece){.flags = A, .seq = 1, .ack = 1, .window = 2000});
        sent(
            scene,
            (struct piece){
                .flags = UA, .seq = 1, .ack = 1, .window = 2000, .urgent = (uint16_t)(100 + more)});
        drained(scene);
        (more ? holds : only_fires)(scene, "W16");
    }
}

static void text_may_answer_an_idle_ack(void **state)
{
    (void)state;
    struct scene *scene = scene_connected(5000);
    wrote(scene, 1460);
    drained(scene);
    give_idle_ack(scene);
    sent(scene, (struct piece){.flags = A, .seq = 1, .ack = 1, .window = 2000, .count = 1000});
    drained(scene);
    holds(scene, "W18");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_to_an_idle_ack_fires),
        cmocka_unit_test(an_idle_ack_may_be_followed_by_word_of_new_urgent_text),
        cmocka_unit_test(an_old_segment_may_be_followed_by_word_of_new_urgent_text),
        cmocka_unit_test(text_may_answer_an_idle_ack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
