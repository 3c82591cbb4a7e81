/* Inputs begin where they say, and the same input does the same, whatever was played before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/siphash.h"
#include "page.h"
#include "play.h"
#include "target.h"

static const uint8_t every_prologue[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10};

const struct play_rules play_target_rules = {1, every_prologue, sizeof every_prologue};
static const struct play_rules two_hosts = {2, every_prologue, 1};

int fuzz_one_input(const uint8_t *input, size_t count)
{
    return play_input(&play_target_rules, input, count);
}

static uint64_t hash_of(const struct play_rules *rules, const uint8_t *bytes, size_t count)
{
    campaign_page()->last_hash = 0;
    assert_int_equal(play_input(rules, bytes, count), 0);
    return campaign_page()->last_hash;
}

/* The same octets everywhere. */
static void fill(uint8_t *bytes, size_t count, uint8_t seed)
{
    const uint8_t key[16] = {seed};
    for (size_t index = 0; index < count; index++) {
        const uint8_t place[2] = {(uint8_t)index, (uint8_t)(index >> 8)};
        bytes[index] = (uint8_t)siphash(key, place, sizeof place);
    }
}

/* Each is checked when it is first asked for. */
static void every_prologue_reaches_its_state(void **state)
{
    (void)state;
    for (uint8_t version = 0; version < 2; version++) {
        for (uint8_t prologue = 0; prologue < CAUSE_PROLOGUE_COUNT; prologue++) {
            const uint8_t head[CAUSE_HEAD_BYTES] = {CAUSE_ENCODING_VERSION, (uint8_t)(version << 1),
                                                    prologue};
            (void)hash_of(&play_target_rules, head, sizeof head);
        }
    }
}

static void the_same_input_does_the_same_whatever_came_before(void **state)
{
    (void)state;
    enum { INPUTS = 60, BYTES = 300 };
    static uint8_t inputs[INPUTS][BYTES];
    uint64_t hashes[INPUTS];
    for (size_t rules = 0; rules < 2; rules++) {
        const struct play_rules *const under = rules == 0 ? &play_target_rules : &two_hosts;
        for (size_t index = 0; index < INPUTS; index++) {
            fill(inputs[index], BYTES, (uint8_t)(rules * INPUTS + index));
            hashes[index] = hash_of(under, inputs[index], BYTES);
        }
        for (size_t turn = 0; turn < INPUTS; turn++) {
            const size_t index = turn * 37 % INPUTS;
            assert_int_equal(hash_of(under, inputs[index], BYTES), hashes[index]);
        }
    }
    assert_true(campaign_page()->events > 0);
}

static void a_start_that_the_target_has_not_becomes_one_that_it_has(void **state)
{
    (void)state;
    static const uint8_t few[] = {PROLOGUE_CLOSING, PROLOGUE_LAST_ACK};
    const struct play_rules rules = {1, few, sizeof few};
    for (uint8_t prologue = 0; prologue < 30; prologue++) {
        const uint8_t head[CAUSE_HEAD_BYTES] = {CAUSE_ENCODING_VERSION, 1, prologue};
        struct cause_list list;
        play_decode(&rules, head, sizeof head, &list);
        assert_int_equal(list.start.hosts, 1);
        assert_true(list.start.prologue == few[0] || list.start.prologue == few[1]);
        assert_int_equal(list.count, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_prologue_reaches_its_state),
        cmocka_unit_test(the_same_input_does_the_same_whatever_came_before),
        cmocka_unit_test(a_start_that_the_target_has_not_becomes_one_that_it_has),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
