/* What calls are inferred from what was seen; the packets of the stack are not there yet. */
#include "made_capture.h"

#include <stdio.h>
#include <string.h>

#include "capture/import.h"

#define U TCP_FLAG_URG

struct flow {
    struct arena *arena;
    struct import *import;
    uint64_t at_us;
};

static void begin(struct flow *flow)
{
    struct arena *arena = arena_create();
    *flow = (struct flow){arena, import_create(1, arena), UINT64_C(5000000)};
}

/* The next packet, a millisecond later. */
static void seen_urgent(struct flow *flow, struct piece piece, uint16_t urgent)
{
    uint8_t room[FRAME_ROOM];
    const struct tcp_room written = make_packet(4, piece, room);
    struct capture_packet read;
    capture_packet_read(CAPTURE_LINK_RAW, written.bytes, written.count, written.count, &read);
    read.segment.urgent = urgent;
    import_packet(flow->import, (tcp_time){flow->at_us}, &read);
    flow->at_us += 1000;
}

static void seen(struct flow *flow, struct piece piece)
{
    seen_urgent(flow, piece, 0);
}

static void open_connection(struct flow *flow)
{
    const struct tcp_options options = {.has_mss = true, .mss = 1000};
    begin(flow);
    seen(flow, (struct piece){CAPTURE_A, S, .seq = 0, .options = options});
    seen(flow, (struct piece){CAPTURE_B, S | A, .ack = 1, .options = options});
    seen(flow, (struct piece){CAPTURE_A, A, .seq = 1, .ack = 1});
}

#define PASSIVE                                                                                    \
    "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"                                                \
    "+0 bind(3, ..., ...) = 0\n"                                                                   \
    "+0 listen(3, 1) = 0\n"                                                                        \
    "+0 < S 0:0(0) win 1000 <mss 1000>\n"                                                          \
    "+0.002 < . 1:1(0) ack 1 win 1000\n"                                                           \
    "+0 accept(3, ..., ...) = 4\n"                                                                 \
    "+0 fcntl(4, F_SETFL, O_RDWR|O_NONBLOCK) = 0\n"

/* The script behind its heading. */
static void gives(struct flow *flow, enum import_side side, const char *expected)
{
    struct text out = TEXT_EMPTY;
    struct text notes = TEXT_EMPTY;
    assert_true(import_write(flow->import, side, "x", &out, &notes));
    const char *script = strstr(text_read(&out), "0 socket(");
    assert_non_null(script);
    assert_string_equal(script, expected);
    text_free(&out);
    text_free(&notes);
    arena_destroy(flow->arena);
}

static void both_ends_can_be_the_stack(void **state)
{
    (void)state;
    struct flow flow;
    open_connection(&flow);
    gives(&flow, IMPORT_ACCEPTOR, PASSIVE);
    open_connection(&flow);
    gives(&flow, IMPORT_OPENER,
          "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
          "+0 fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0\n"
          "+0 connect(3, ..., ...) = -1 EINPROGRESS (Operation now in progress)\n"
          "+0.001 < S. 0:0(0) ack 1 win 1000 <mss 1000>\n");
}

static void text_of_one_burst_is_one_write(void **state)
{
    (void)state;
    struct flow flow;
    open_connection(&flow);
    seen(&flow, (struct piece){CAPTURE_B, A, 1, 1, .count = 900});
    seen(&flow, (struct piece){CAPTURE_B, A, 901, 1, .count = 100});
    seen(&flow, (struct piece){CAPTURE_A, A, 1, 1001, .window = 500});
    seen(&flow, (struct piece){CAPTURE_B, A, 901, 1, .count = 100}); /* again */
    seen(&flow, (struct piece){CAPTURE_B, A, 1001, 1, .count = 1});
    gives(&flow, IMPORT_ACCEPTOR,
          PASSIVE "+0.001 write(4, ..., 1000) = 1000\n"
                  "+0.002 < . 1:1(0) ack 1001 win 500\n"
                  "+0.001 write(4, ..., 1) = 1\n");
}

static void what_comes_in_order_is_read(void **state)
{
    (void)state;
    struct flow flow;
    open_connection(&flow);
    seen(&flow, (struct piece){CAPTURE_A, A, 11, 1, .count = 10}); /* beyond a hole */
    seen(&flow, (struct piece){CAPTURE_A, A, 1, 1, .count = 10});
    seen(&flow, (struct piece){CAPTURE_A, A, 11, 1, .count = 10});
    seen(&flow, (struct piece){CAPTURE_A, A | F, 21, 1, .count = 5});
    gives(&flow, IMPORT_ACCEPTOR,
          PASSIVE "+0.001 < . 11:21(10) ack 1 win 1000\n"
                  "+0.001 < . 1:11(10) ack 1 win 1000\n"
                  "+0 read(4, ..., 10) = 10\n"
                  "+0.001 < . 11:21(10) ack 1 win 1000\n"
                  "+0 read(4, ..., 10) = 10\n"
                  "+0.001 < F. 21:26(5) ack 1 win 1000\n"
                  "+0 read(4, ..., 5) = 5\n"
                  "+0 read(4, ..., 1) = 0\n");
}

static void a_fin_is_close_or_shutdown(void **state)
{
    (void)state;
    struct flow flow;
    open_connection(&flow);
    seen(&flow, (struct piece){CAPTURE_B, A | F, 1, 1, .window = 1000});
    seen(&flow, (struct piece){CAPTURE_A, A | F, 1, 2, .window = 1000});
    gives(&flow, IMPORT_ACCEPTOR,
          PASSIVE "+0.001 close(4) = 0\n"
                  "+0.001 < F. 1:1(0) ack 2 win 1000\n");
    open_connection(&flow);
    seen(&flow, (struct piece){CAPTURE_B, A | F, 1, 1, .window = 1000});
    seen(&flow, (struct piece){CAPTURE_A, A, 1, 2, .count = 10});
    seen(&flow, (struct piece){CAPTURE_A, A | F, 11, 2, .window = 1000});
    gives(&flow, IMPORT_ACCEPTOR,
          PASSIVE "+0.001 shutdown(4, SHUT_WR) = 0\n"
                  "+0.001 < . 1:11(10) ack 2 win 1000\n"
                  "+0 read(4, ..., 10) = 10\n"
                  "+0.001 < F. 11:11(0) ack 2 win 1000\n"
                  "+0 read(4, ..., 1) = 0\n"
                  "+0 close(4) = 0\n");
}

static void a_reset_is_a_close_that_does_not_linger(void **state)
{
    (void)state;
    struct flow flow;
    open_connection(&flow);
    seen(&flow, (struct piece){CAPTURE_B, R | A, 1, 1, .window = 1});
    gives(&flow, IMPORT_ACCEPTOR,
          PASSIVE "+0.001 setsockopt(4, SOL_SOCKET, SO_LINGER, {onoff=1, linger=0}, 8) = 0\n"
                  "+0 close(4) = 0\n");
    open_connection(&flow);
    seen(&flow, (struct piece){CAPTURE_A, R, .seq = 1, .window = 1});
    seen(&flow, (struct piece){CAPTURE_B, A, 1, 1, .count = 9}); /* nobody listens */
    gives(&flow, IMPORT_ACCEPTOR, PASSIVE "+0.001 < R 1:1(0) win 1\n");
}

static void nobody_is_accepted_for_a_bad_ack(void **state)
{
    (void)state;
    struct flow flow;
    begin(&flow);
    seen(&flow, (struct piece){CAPTURE_A, S, .seq = 0});
    seen(&flow, (struct piece){CAPTURE_B, S | A, .ack = 1});
    seen(&flow, (struct piece){CAPTURE_A, A, .seq = 1, .ack = 2});
    gives(&flow, IMPORT_ACCEPTOR,
          "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
          "+0 bind(3, ..., ...) = 0\n"
          "+0 listen(3, 1) = 0\n"
          "+0 < S 0:0(0) win 1000\n"
          "+0.002 < . 1:1(0) ack 2 win 1000\n");
}

static void windows_are_unscaled_and_large_segments_cut(void **state)
{
    (void)state;
    struct flow flow;
    begin(&flow);
    const struct tcp_options options = {.has_window_scale = true, .window_scale = 3};
    seen(&flow, (struct piece){CAPTURE_A, S, .seq = 0, .options = options});
    seen(&flow, (struct piece){CAPTURE_B, S | A, .ack = 1, .options = options});
    seen(&flow, (struct piece){CAPTURE_A, A, .seq = 1, .ack = 1, .window = 100});
    seen(&flow, (struct piece){CAPTURE_A, A | TCP_FLAG_PSH, .seq = 1, .ack = 1, .window = 9000,
                               .count = 2000});
    gives(&flow, IMPORT_ACCEPTOR,
          "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
          "+0 bind(3, ..., ...) = 0\n"
          "+0 listen(3, 1) = 0\n"
          "+0 < S 0:0(0) win 1000\n"
          "+0.002 < . 1:1(0) ack 1 win 800\n"
          "+0 accept(3, ..., ...) = 4\n"
          "+0 fcntl(4, F_SETFL, O_RDWR|O_NONBLOCK) = 0\n"
          "+0.001 < . 1:1461(1460) ack 1 win 65535\n"
          "+0 < P. 1461:2001(540) ack 1 win 65535\n"
          "+0 read(4, ..., 2000) = 2000\n");
}

/* What only one of the pieces had: SYN the first; FIN, PSH and RST the last. An urgent pointer
 * counts from the SEQ of its own piece. */
static void a_cut_segment_is_what_a_card_joined(void **state)
{
    (void)state;
    static const struct {
        struct piece piece;
        uint16_t urgent;
        const char *lines;
    } cases[] = {
        {{CAPTURE_A, A | U, 1, 1, .count = 3500},
         2000,
         "+0.001 < U. 1:1461(1460) ack 1 win 1000 urg 2000\n"
         "+0 < U. 1461:2921(1460) ack 1 win 1000 urg 540\n"
         "+0 < . 2921:3501(580) ack 1 win 1000\n"
         "+0 read(4, ..., 3500) = 3500\n"},
        {{CAPTURE_A, A | U, 1, 1, .count = 2000},
         1460,
         "+0.001 < U. 1:1461(1460) ack 1 win 1000 urg 1460\n"
         "+0 < . 1461:2001(540) ack 1 win 1000\n"
         "+0 read(4, ..., 2000) = 2000\n"},
        {{CAPTURE_A, A | U, 1, 1, .window = 1000}, 0, "+0.001 < U. 1:1(0) ack 1 win 1000 urg 0\n"},
        {{CAPTURE_A, A | S | U, 0, 1, .count = 2000},
         1500,
         "+0.001 < SU. 0:1460(1460) ack 1 win 1000 urg 1500\n"
         "+0 < U. 1461:2001(540) ack 1 win 1000 urg 39\n"
         "+0 read(4, ..., 2000) = 2000\n"},
        {{CAPTURE_A, A | R, 1, 1, .count = 2000},
         0,
         "+0.001 < . 1:1461(1460) ack 1 win 1000\n"
         "+0 < R. 1461:2001(540) ack 1 win 1000\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct flow flow;
        char script[1024];
        open_connection(&flow);
        seen_urgent(&flow, cases[i].piece, cases[i].urgent);
        (void)snprintf(script, sizeof script, "%s%s", PASSIVE, cases[i].lines);
        gives(&flow, IMPORT_ACCEPTOR, script);
    }
}

static void time_does_not_go_back(void **state)
{
    (void)state;
    struct flow flow;
    open_connection(&flow);
    flow.at_us -= 2500;
    seen(&flow, (struct piece){CAPTURE_A, A, .seq = 1, .ack = 1});
    flow.at_us += 2500;
    seen(&flow, (struct piece){CAPTURE_A, A, .seq = 1, .ack = 1});
    gives(&flow, IMPORT_ACCEPTOR,
          PASSIVE "+0 < . 1:1(0) ack 1 win 1000\n"
                  "+0.002 < . 1:1(0) ack 1 win 1000\n");
}

static void refuses(struct flow *flow, const char *why)
{
    struct text out = TEXT_EMPTY;
    struct text notes = TEXT_EMPTY;
    assert_false(import_write(flow->import, IMPORT_ACCEPTOR, "x", &out, &notes));
    assert_non_null(strstr(text_read(&notes), why));
    text_free(&out);
    text_free(&notes);
    arena_destroy(flow->arena);
}

static void a_flow_without_its_beginning_is_refused(void **state)
{
    (void)state;
    struct flow flow;
    begin(&flow);
    refuses(&flow, "there is no flow 1");
    begin(&flow);
    seen(&flow, (struct piece){CAPTURE_A, A, .seq = 1, .ack = 1});
    refuses(&flow, "does not begin with its SYN");
}

static void a_second_connection_is_left_out_with_a_word(void **state)
{
    (void)state;
    struct flow flow;
    open_connection(&flow);
    seen(&flow, (struct piece){CAPTURE_A, S, .seq = 5000});
    seen(&flow, (struct piece){CAPTURE_A, A, .seq = 1, .ack = 1, .count = 5});
    struct text out = TEXT_EMPTY;
    struct text notes = TEXT_EMPTY;
    assert_true(import_write(flow.import, IMPORT_ACCEPTOR, "x", &out, &notes));
    assert_non_null(strstr(text_read(&notes), "only the first connection"));
    assert_null(strstr(text_read(&out), "5000:"));
    text_free(&out);
    text_free(&notes);
    arena_destroy(flow.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_ends_can_be_the_stack),
        cmocka_unit_test(text_of_one_burst_is_one_write),
        cmocka_unit_test(what_comes_in_order_is_read),
        cmocka_unit_test(a_fin_is_close_or_shutdown),
        cmocka_unit_test(a_reset_is_a_close_that_does_not_linger),
        cmocka_unit_test(nobody_is_accepted_for_a_bad_ack),
        cmocka_unit_test(windows_are_unscaled_and_large_segments_cut),
        cmocka_unit_test(a_cut_segment_is_what_a_card_joined),
        cmocka_unit_test(time_does_not_go_back),
        cmocka_unit_test(a_flow_without_its_beginning_is_refused),
        cmocka_unit_test(a_second_connection_is_left_out_with_a_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
