/* Scenario -> script text: the one printer of a scenario and of its parts. What it writes is the
 * canonical form: parsing it gives an equal scenario, and printing that gives the same text.
 * Nothing here adds an end of line except scenario_print(). Live segments are printed in the same
 * notation by trace/segment_text.h. */
#ifndef FINWAIT_SCENARIO_PRINT_H
#define FINWAIT_SCENARIO_PRINT_H

#include "base/text.h"
#include "scenario/scenario.h"

/* The whole script, without comments. */
void scenario_print(struct text *out, const struct scenario *scenario);

/* One event with its time: "+0.1 < . 1:1(0) ack 1 win 100". Groups take several lines. */
void scenario_print_event(struct text *out, const struct scenario_event *event);

void scenario_print_time(struct text *out, const struct scenario_time *time);

/* "< S 0:0(0) win 32792 <mss 1000>" */
void scenario_print_packet(struct text *out, const struct scenario_packet *packet);

/* "read(4, ..., 1000) = -1 EAGAIN (Resource temporarily unavailable)" */
void scenario_print_call(struct text *out, const struct scenario_call *call);
void scenario_print_value(struct text *out, const struct scenario_value *value);
void scenario_print_assertion(struct text *out, const struct scenario_assertion *assertion);

/* "1", "17!", "rcv.nxt+5" */
void scenario_print_number(struct text *out, const struct scenario_number *number);

/* TCP options with their angle brackets; `any` prints <...>. Nothing for no options. */
void scenario_print_options(struct text *out, const struct scenario_option *options, size_t count,
                            bool any);

/* The letters of one direction's flags: "S.", "FP.", "-"; `ace` is 0..7 or -1. */
void scenario_print_flags(struct text *out, uint16_t flags, int ace);

/* Octets as a script's string literal, quotation marks included. */
void scenario_print_string(struct text *out, const char *bytes, size_t count);

/* Microseconds as decimal seconds in the shortest exact form: "0.000001", "1.5", "60". */
void scenario_print_seconds(struct text *out, int64_t us);

/* Microseconds with the largest unit that divides them: "200ms", "2min", "0s". */
void scenario_print_duration(struct text *out, int64_t us);

#endif
