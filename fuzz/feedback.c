#include "feedback.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Written and never read here: volatile and used, or the compiler would leave it out. */
__attribute__((section("__libfuzzer_extra_counters"),
               used)) static volatile uint8_t counters[FEEDBACK_COUNT];

/* The linker makes these for a section whose name is a word of C. */
extern volatile uint8_t __start___libfuzzer_extra_counters[];
extern volatile uint8_t __stop___libfuzzer_extra_counters[];

/* AFL++'s, where it is linked. The guards become places in its map. */
extern void __sanitizer_cov_trace_pc_guard_init(uint32_t *start, uint32_t *stop)
    __attribute__((weak));
extern void __afl_coverage_interesting(uint8_t value, uint32_t id) __attribute__((weak));

static uint32_t guards[FEEDBACK_COUNT];

/* Which counters the input has touched, so that beginning anew costs what was used. */
static uint32_t touched[FEEDBACK_COUNT];
static size_t touched_count;

/* FINWAIT_FEEDBACK=0: without it, to see what it is worth. */
static bool is_off;

__attribute__((constructor(101))) static void make_guards(void)
{
    const char *const wish = getenv("FINWAIT_FEEDBACK");
    is_off = wish != NULL && strcmp(wish, "0") == 0;
    if (__afl_coverage_interesting != NULL && __sanitizer_cov_trace_pc_guard_init != NULL &&
        !is_off) {
        __sanitizer_cov_trace_pc_guard_init(guards, guards + FEEDBACK_COUNT);
    }
}

static void count(size_t index)
{
    if (is_off) {
        return;
    }
    if (counters[index] == 0 && touched_count < FEEDBACK_COUNT) {
        touched[touched_count++] = (uint32_t)index;
    }
    if (counters[index] < UINT8_MAX) {
        counters[index]++;
    }
    if (__afl_coverage_interesting != NULL && guards[index] != 0) {
        __afl_coverage_interesting(counters[index], guards[index]);
    }
}

void feedback_begin(void)
{
    while (touched_count > 0) {
        counters[touched[--touched_count]] = 0;
    }
}

void feedback_step(const struct tcp_step_record *step)
{
    const size_t event = step->cause == TCP_CAUSE_SEGMENT
                             ? (size_t)TCP_CAUSE_COUNT + (size_t)step->check
                             : (size_t)step->cause;
    count(((size_t)step->before * FEEDBACK_EVENTS + event) * TCP_VERDICT_COUNT +
          (size_t)step->verdict);
}

void feedback_change(enum tcb_state from, enum tcb_state to)
{
    count(FEEDBACK_STEPS + (size_t)from * TCB_STATE_COUNT + (size_t)to);
}

size_t feedback_seen(void)
{
    size_t seen = 0;
    for (const volatile uint8_t *at = __start___libfuzzer_extra_counters;
         at != __stop___libfuzzer_extra_counters; at++) {
        seen += *at != 0;
    }
    return seen;
}

size_t feedback_section_bytes(void)
{
    return (size_t)(__stop___libfuzzer_extra_counters - __start___libfuzzer_extra_counters);
}
