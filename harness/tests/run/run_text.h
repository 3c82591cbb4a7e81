/* Runs a script that stands in a test. */
#ifndef FINWAIT_TESTS_RUN_TEXT_H
#define FINWAIT_TESTS_RUN_TEXT_H

#include "fake_sut.h"
#include "run/run.h"

/* Lines that open a connection to the fake: descriptor 4, the peer's numbers from 0. */
#define HANDSHAKE                                                                                  \
    "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"                                                \
    "+0 bind(3, ..., ...) = 0\n"                                                                   \
    "+0 listen(3, 1) = 0\n"                                                                        \
    "+0 < S 0:0(0) win 65535 <mss 1460>\n"                                                         \
    "+0 > S. 0:0(0) ack 1 <mss 1460>\n"                                                            \
    "+.1 < . 1:1(0) ack 1 win 65535\n"                                                             \
    "+0 accept(3, ..., ...) = 4\n"

struct test_run {
    struct arena *arena;
    struct run_options options;
    struct run_outcome outcome;
};

/* setup and teardown of each test: a fresh arena, a fake that behaves. */
int run_text_setup(void **state);
int run_text_teardown(void **state);

/* Parses and runs; fails the test when the text does not parse. */
const struct run_outcome *run_text(void **state, const struct sut *sut, const char *text);

/* The run passed; otherwise the test fails and shows the report. */
void assert_passed(const struct run_outcome *outcome);
/* The run ended with this verdict and its summary holds these words. */
void assert_outcome(const struct run_outcome *outcome, enum run_verdict verdict, const char *words);

#endif
