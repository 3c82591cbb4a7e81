/* What simulations have found, as small as it gets: two-host scripts in which no oracle may fire. Long because
 * each is a whole run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "causes/text.h"
#include "scenario/parse.h"
#include "sim/sim.h"

static void replays(const char *script)
{
    struct arena *const arena = arena_create();
    const struct sim_options options = {.oracles = WORLD_ORACLES_ALL};
    struct sim *const sim = sim_create(&options);
    struct parse_result parsed;
    struct cause_list list;
    struct cause_refusal why;
    scenario_parse("found.pkt", script, strlen(script), NULL, 0, arena, &parsed);
    assert_non_null(parsed.scenario);
    assert_true(cause_from_scenario(parsed.scenario, arena, &list, &why));
    assert_non_null(sim);
    if (!sim_replay(sim, &list, true)) {
        fail_msg("%s: %s", sim_finding(sim)->oracle->id, sim_finding(sim)->detail);
    }
    sim_destroy(sim);
    arena_destroy(arena);
}

/* A blocked write goes on when the handshake ends; its text leaves in that instant. */
static void a_write_that_goes_on_sends_at_once(void **state)
{
    (void)state;
    replays("--mode=causes\n"
            "--ip_version=ipv4\n"
            "--hosts=2\n"
            "--delay=100us\n"
            "+0 b: set rto_min_us=1us\n"
            "+0 a: tcp.open(passive, 80, ..., 2) = c0\n"
            "+0 b: socket(..., SOCK_STREAM, IPPROTO_TCP) = 0\n"
            "+0 b: connect(0, 80, ...) = ...\n"
            "+0.0001 b: socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
            "+0 b: connect(3, 80, ...) = ...\n"
            "+0 b: write(3, ..., 100000) = ...\n"
            "+0 a: wait until deadline\n"
            "+0 b: write(0, ..., 0) = ...\n"
            "+0 wait for 0s\n");
}

/* The same, with so long a pause that the sender would have given up. */
static void a_write_that_goes_on_is_given_time(void **state)
{
    (void)state;
    replays("--mode=causes\n"
            "--ip_version=ipv4\n"
            "--hosts=2\n"
            "--delay=10000us\n"
            "+0 b: set send_buffer_bytes=1\n"
            "+0 a: tcp.open(passive, 80, ..., 0) = c0\n"
            "+0 b: socket(..., SOCK_STREAM, IPPROTO_TCP) = 0\n"
            "+0 b: connect(0, 80, ...) = ...\n"
            "+0 b: write(0, ..., 2) = ...\n"
            "+150 b: read(0, ..., 0) = ...\n"
            "+0 wait for 0s\n");
}

/* An old SYN reopens TIME-WAIT, an RST undoes it: 2 MSL count from there. */
static void a_wait_gone_back_to_begins_anew(void **state)
{
    (void)state;
    replays("--mode=causes\n"
            "--ip_version=ipv4\n"
            "--hosts=2\n"
            "--delay=1us\n"
            "+0 a: tcp.open(passive, 80, ..., 0) = c0\n"
            "+0 b: socket(..., SOCK_STREAM, IPPROTO_TCP) = 0\n"
            "+0 b: bind(0, 8003, ...) = ...\n"
            "+0 b: connect(0, 80, ...) = ...\n"
            "+0.000005 a: tcp.accept(c0) = c1\n"
            "+0 a: tcp.close(c1) = ...\n"
            "+0.000002 b: shutdown(0, SHUT_WR) = ...\n"
            "+0.000005 a: tcp.release(c1) = ...\n"
            "+0 b: socket(..., SOCK_STREAM, IPPROTO_TCP) = 0\n"
            "+0 b: bind(0, 8003, ...) = ...\n"
            "+0 b: connect(0, 80, ...) = ...\n"
            "+0 b: close(0) = ...\n");
}

/* A copy of the SYN that reopened TIME-WAIT draws its SYN,ACK again, behind an RST that was dropped: no
 * life of its own, and the way back leads to the one in TIME-WAIT. */
static void a_dropped_reset_makes_no_new_life_of_a_repeated_syn(void **state)
{
    (void)state;
    replays("--mode=causes\n"
            "--ip_version=ipv4\n"
            "--hosts=2\n"
            "--delay=10000us\n"
            "+0 a>b #3 drop\n"
            "+0 a: socket(..., SOCK_STREAM, IPPROTO_TCP) = 0\n"
            "+0 a: bind(0, 80, ...) = ...\n"
            "+0 a: listen(0, 2) = ...\n"
            "+0 a>b #1 duplicate 25ms\n"
            "+0 b: tcp.open(active, 8003, 80) = c0\n"
            "+0.030354 a: accept(0, ..., ...) = 1\n"
            "+0 a: shutdown(1, SHUT_WR) = ...\n"
            "+0.010177 b: tcp.close(c0) = ...\n"
            "+0.020354 a: close(1) = ...\n"
            "+0 b: tcp.open(active, 8003, 80) = c0\n"
            "+0 b: tcp.open(active, 8002, 80) = c4\n"
            "+0 b: wait until deadline\n"
            "+0.015254 b: tcp.close(c0) = ...\n");
}

/* The first use of the ports was let go of without a handshake; its text, on its way still, lies in the
 * window of the second, which cannot know (RFC 9293 3.4.3). */
static void text_of_an_aborted_connection_excuses_the_next(void **state)
{
    (void)state;
    replays("--mode=causes\n"
            "--ip_version=ipv4\n"
            "--hosts=2\n"
            "--delay=1us\n"
            "+0 a>b #15 duplicate 2us\n"
            "+0 a: socket(..., SOCK_STREAM, IPPROTO_TCP) = 0\n"
            "+0 a: bind(0, 80, ...) = ...\n"
            "+0 a: listen(0, 2) = ...\n"
            "+0 b: tcp.open(active, 8001, 80) = c1\n"
            "+0 a: accept(0, ..., ...) = 1\n"
            "+0.000005 a: write(1, ..., 32767) = ...\n"
            "+0.000002 b: tcp.open(active, 8002, 80) = c2\n"
            "+0 b: tcp.release(c1) = ...\n"
            "+0 b: tcp.open(active, 8001, 80) = c1\n"
            "+0 a: accept(0, ..., ...) = 2\n"
            "+0 a: accept(0, ..., ...) = 4\n"
            "+0.000005 a: write(4, ..., 30000) = ...\n");
}

/* Closed in SYN-RECEIVED, it is in FIN-WAIT-1, but its SYN was never acknowledged: R2 of a SYN counts,
 * however patient it is otherwise. */
static void a_handshake_that_was_closed_may_be_given_up(void **state)
{
    (void)state;
    replays("--mode=causes\n"
            "--ip_version=ipv4\n"
            "--hosts=2\n"
            "--delay=1000us\n"
            "+0 a: set r2_us=1000000s\n"
            "+0 a: set user_timeout_us=1000000s\n"
            "+0 b: set r2_us=1000000s\n"
            "+0 b: set user_timeout_us=1000000s\n"
            "+0 a>b #0-200 drop\n"
            "+0 a: tcp.open(active, 84, 8000) = c0\n"
            "+0 b: tcp.open(active, 8000, 84) = c0\n"
            "+0.01 a: tcp.close(c0) = ...\n");
}

/* The same with an ACK: a late one of an aborted connection covers the new one's FIN. */
static void an_ack_of_an_aborted_connection_excuses_the_next(void **state)
{
    (void)state;
    replays("--mode=causes\n"
            "--ip_version=ipv4\n"
            "--hosts=2\n"
            "--delay=1us\n"
            "+0 a: set r2_us=10000s\n"
            "+0 a: set user_timeout_us=10000s\n"
            "+0 a>b #2 delay 1ms\n"
            "+0 a>b #6 delay 100us\n"
            "+0 a: tcp.open(passive, 80, ..., 2) = c0\n"
            "+0 b>a #0 duplicate 10us\n"
            "+0 b: tcp.open(active, 8003, 80) = c0\n"
            "+0.000005 a: tcp.accept(c0) = c1\n"
            "+0 a: tcp.close(c1) = ...\n"
            "+0.00001 b: tcp.close(c0) = ...\n"
            "+0.00001 a: tcp.release(c1) = ...\n"
            "+0 b: tcp.open(active, 8003, 80) = c0\n"
            "+0.000005 a: tcp.accept(c0) = c1\n"
            "+0 b: tcp.send(c0, ..., 1) = ...\n"
            "+0 b: tcp.open(active, 8002, 80) = c1\n"
            "+0.000002 a: tcp.close(c1) = ...\n"
            "+0 a: tcp.release(c1) = ...\n"
            "+0.000005 b: tcp.open(active, 8003, 80) = c2\n"
            "+0 wait for 10us\n");
}

/* A copy of a SYN begins a connection at a of its own; b's numbers are fixed there, too. */
static void a_copy_of_a_syn_with_fixed_numbers_is_not_guarded(void **state)
{
    (void)state;
    replays("--mode=causes\n"
            "--ip_version=ipv4\n"
            "--hosts=2\n"
            "--delay=10000us\n"
            "+0 b: set fixed_iss=1\n"
            "+0 a>b #3 delay 1234070us\n"
            "+0 b>a #1 duplicate 25ms\n"
            "+0 b>a #8 drop\n"
            "+0 a: tcp.open(passive, 80, ..., 4) = c0\n"
            "+0 b: tcp.open(active, 8001, 80) = c0\n"
            "+0 b: tcp.open(active, 8002, 80) = c1\n"
            "+0 b: tcp.close(c1) = ...\n"
            "+0 b: tcp.open(active, 8003, 80) = c0\n"
            "+0 b: tcp.close(c0) = ...\n"
            "+0 wait for 50ms\n"
            "+0 a: wait until deadline\n"
            "+0.014524 b: tcp.open(active, 8003, 80) = c0\n"
            "+0 b: tcp.open(active, 8002, 80) = c1\n");
}

/* The octet of a probe is taken, the window opens, and its timeout repeats it: that looks like one probe
 * more, and leaves another congestion window. */
static void a_timeout_of_a_probes_octet_makes_congestion_unknown(void **state)
{
    (void)state;
    replays("--mode=causes\n"
            "--ip_version=ipv4\n"
            "--hosts=2\n"
            "--delay=10000us\n"
            "+0 a: set rto_min_us=1us\n"
            "+0 a: socket(..., SOCK_STREAM, IPPROTO_TCP) = 0\n"
            "+0 a: bind(0, 80, ...) = ...\n"
            "+0 a: listen(0, 0) = ...\n"
            "+0 b: tcp.open(active, 8003, 80) = c3\n"
            "+0.05 a: accept(0, ..., ...) = 3\n"
            "+0 a: write(3, ..., 1) = ...\n"
            "+0 b: tcp.send(c3, ..., 1) = ...\n"
            "+0 a: write(3, ..., 65535) = ...\n"
            "+0 b: wait until deadline\n"
            "+0 b: tcp.close(c3) = ...\n"
            "+0 b: tcp.receive(c3, ..., 2500) = ...\n"
            "+1 a: write(3, ..., 30000) = ...\n");
}

/* A transfer octet by octet outlasts the rounds of the second part: that is no finding. */
static void a_run_out_of_rounds_is_not_judged(void **state)
{
    (void)state;
    replays("--mode=causes\n"
            "--ip_version=ipv4\n"
            "--hosts=2\n"
            "--delay=1000us\n"
            "+0 a: set receive_buffer_bytes=1\n"
            "+0 a: tcp.open(passive, 80, ..., 2) = c0\n"
            "+0 b: tcp.open(active, 8000, 80) = c1\n"
            "+0.01 b: tcp.send(c1, ..., 60000) = ...\n"
            "+0 a: tcp.accept(c0) = c1\n");
}

/* A segment repeats acknowledged octets and goes on with new ones: its ACK may wait. */
static void old_octets_before_new_ones_come_in_order(void **state)
{
    (void)state;
    replays("--mode=causes\n"
            "--ip_version=ipv4\n"
            "--hosts=2\n"
            "--delay=10000us\n"
            "+0 a: set receive_buffer_bytes=3000\n"
            "+0 a: set ack_every_segments=4\n"
            "+0 b: set rto_min_us=1us\n"
            "+0 b>a #5 drop\n"
            "+0 a: tcp.open(passive, 80, ..., 0) = c0\n"
            "+0 a: tcp.open(active, 82, 8000) = c1\n"
            "+0 b: tcp.open(active, 8000, 82) = c0\n"
            "+0 b: tcp.open(active, 8001, 80) = c1\n"
            "+0.025 b: tcp.send(c0, ..., 100) = ...\n"
            "+0 b: tcp.send(c0, ..., 5000) = ...\n");
}

/* All of a segment came before: the first check refuses it, ACK field included. */
static void an_ack_in_a_repeated_segment_measures_nothing(void **state)
{
    (void)state;
    replays("--mode=causes\n"
            "--ip_version=ipv4\n"
            "--hosts=2\n"
            "--delay=100us\n"
            "+0 a: set rto_min_us=1us\n"
            "+0 b: set send_buffer_bytes=2\n"
            "+0 b: set rto_min_us=1us\n"
            "+0 a: socket(..., SOCK_STREAM, IPPROTO_TCP) = 0\n"
            "+0 a: bind(0, 80, ...) = ...\n"
            "+0 a: listen(0, 0) = ...\n"
            "+0 b: socket(..., SOCK_STREAM, IPPROTO_TCP) = 1\n"
            "+0 b: connect(1, 80, ...) = ...\n"
            "+0 a: accept(0, ..., ...) = 2\n"
            "+0 b: write(1, ..., 25) = ...\n"
            "+0.05 a: write(2, ..., 10000) = ...\n"
            "+0 wait for 12500us\n");
}

/* As above, and the trace names the undone incarnation to the end. */
static void the_end_of_a_wait_gone_back_to_is_seen(void **state)
{
    (void)state;
    replays("--mode=causes\n"
            "--ip_version=ipv4\n"
            "--hosts=2\n"
            "--delay=1000us\n"
            "+0 a>b #3-4 drop\n"
            "+0 a: socket(..., SOCK_STREAM, IPPROTO_TCP) = 0\n"
            "+0 a: bind(0, 80, ...) = ...\n"
            "+0 a: listen(0, 4) = ...\n"
            "+0 b: socket(..., SOCK_STREAM, IPPROTO_TCP) = 1\n"
            "+0 b: bind(1, 8003, ...) = ...\n"
            "+0 b: connect(1, 80, ...) = ...\n"
            "+0.00374 a: accept(0, ..., ...) = 1\n"
            "+0 a: shutdown(1, SHUT_WR) = ...\n"
            "+0.00137 b: shutdown(1, SHUT_WR) = ...\n"
            "+0.00274 a: close(1) = ...\n"
            "+0 b: socket(..., SOCK_STREAM, IPPROTO_TCP) = 1\n"
            "+0 b: bind(1, 8003, ...) = ...\n"
            "+0 b: connect(1, 80, ...) = ...\n"
            "+0 b: socket(..., SOCK_STREAM, IPPROTO_TCP) = 2\n"
            "+0 b: connect(2, 80, ...) = ...\n"
            "+0 b: close(1) = ...\n"
            "+0 b: socket(..., SOCK_STREAM, IPPROTO_TCP) = 1\n"
            "+0 b: connect(1, 80, ...) = ...\n");
}

/* An old SYN makes a connection with the numbers of the one before it, whose FIN restarts the wait of the
 * end that has closed, as long as it has patience. Nobody can tell the two apart. */
static void a_time_wait_that_a_copy_of_its_peer_keeps_is_excused(void **state)
{
    (void)state;
    replays("--mode=causes\n"
            "--ip_version=ipv4\n"
            "--hosts=2\n"
            "--delay=10000us\n"
            "+0 a: set fixed_iss=1\n"
            "+0 a: set r2_us=10000s\n"
            "+0 a: set user_timeout_us=10000s\n"
            "+0 b>a #0 duplicate 250ms\n"
            "+0 b>a #1 duplicate 250ms\n"
            "+0 a: tcp.open(passive, 80, ..., 0) = c0\n"
            "+0 b: socket(..., SOCK_STREAM, IPPROTO_TCP) = 0\n"
            "+0 b: connect(0, 80, ...) = ...\n"
            "+0.05 a: tcp.accept(c0) = c1\n"
            "+0 b: write(0, ..., 100000) = ...\n"
            "+0.05 b: close(0) = ...\n"
            "+0 a: tcp.receive(c1, ..., 50000) = ...\n"
            "+0 wait for 25ms\n");
}

/* What was sent again for a day is answered at once: ACKs without end, but all one way. */
static void answers_to_a_host_that_slept_are_no_war(void **state)
{
    (void)state;
    replays("--mode=causes\n"
            "--ip_version=ipv4\n"
            "--hosts=2\n"
            "--delay=10000us\n"
            "+0 a: set r2_us=100000s\n"
            "+0 a: set user_timeout_us=100000s\n"
            "+0 a: socket(..., SOCK_STREAM, IPPROTO_TCP) = 0\n"
            "+0 a: bind(0, 80, ...) = ...\n"
            "+0 a: listen(0, 2) = ...\n"
            "+0 b: socket(..., SOCK_STREAM, IPPROTO_TCP) = 0\n"
            "+0 b: bind(0, 8000, ...) = ...\n"
            "+0 b: listen(0, 4) = ...\n"
            "+0 a: socket(..., SOCK_STREAM, IPPROTO_TCP) = 1\n"
            "+0 a: connect(1, 8000, ...) = ...\n"
            "+0 b: socket(..., SOCK_STREAM, IPPROTO_TCP) = 2\n"
            "+0 b: connect(2, 80, ...) = ...\n"
            "+0 b: socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
            "+0 b: connect(3, 80, ...) = ...\n"
            "+0 a: accept(0, ..., ...) = 2\n"
            "+0 a: accept(0, ..., ...) = 3\n"
            "+0 a: socket(..., SOCK_STREAM, IPPROTO_TCP) = 5\n"
            "+0 a: connect(5, 8000, ...) = ...\n"
            "+0 a: socket(..., SOCK_STREAM, IPPROTO_TCP) = 7\n"
            "+0 a: connect(7, 8000, ...) = ...\n"
            "+0 a: write(5, ..., 1) = ...\n"
            "+0.05 a: write(1, ..., 1) = ...\n"
            "+0 a: write(3, ..., 1) = ...\n"
            "+0 a: write(2, ..., 1) = ...\n"
            "+0 a: write(7, ..., 1) = ...\n"
            "+0 b: wait asleep for 24h\n"
            "+0 wait for 12500us\n");
}

/* Two connections time out at once, and one of them finds the path narrower, for both. */
static void a_narrower_path_makes_no_loss_window_too_large(void **state)
{
    (void)state;
    replays("--mode=causes\n"
            "--ip_version=ipv4\n"
            "--hosts=2\n"
            "--delay=10000us\n"
            "+0 a: set delayed_ack_us=0s\n"
            "+0 a>b #18 delay 309937us\n"
            "+0 b>a #38 delay 250ms\n"
            "+0 b>a #71 mtu 1\n"
            "+0 a: socket(..., SOCK_STREAM, IPPROTO_TCP) = 0\n"
            "+0 a: bind(0, 80, ...) = ...\n"
            "+0 a: listen(0, 4) = ...\n"
            "+0 a>b #0-2 duplicate 25ms\n"
            "+0 b>a #0-1 duplicate 25ms\n"
            "+0 b: socket(..., SOCK_STREAM, IPPROTO_TCP) = 0\n"
            "+0 b: connect(0, 80, ...) = ...\n"
            "+0 a: accept(0, ..., ...) = 1\n"
            "+0 b: write(0, ..., 12000) = ...\n"
            "+0.05 a: shutdown(1, SHUT_WR) = ...\n"
            "+0 a: read(1, ..., 5000) = ...\n"
            "+0 b: shutdown(0, SHUT_WR) = ...\n"
            "+0 b: socket(..., SOCK_STREAM, IPPROTO_TCP) = 0\n"
            "+0 b: connect(0, 80, ...) = ...\n"
            "+0 b: socket(..., SOCK_STREAM, IPPROTO_TCP) = 1\n"
            "+0 b: connect(1, 80, ...) = ...\n"
            "+0 b: socket(..., SOCK_STREAM, IPPROTO_TCP) = 2\n"
            "+0 b: connect(2, 80, ...) = ...\n"
            "+0 wait for 0s\n"
            "+0 b: socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
            "+0 b: connect(3, 80, ...) = ...\n"
            "+0 a: accept(0, ..., ...) = 1\n"
            "+0 b: write(0, ..., 1) = ...\n"
            "+0 b: wait until deadline\n"
            "+0 b: write(3, ..., 65535) = ...\n"
            "+0.184983 b: write(2, ..., 15000) = ...\n"
            "+0 a: close(1) = ...\n"
            "+0.05 b: read(0, ..., 1) = ...\n"
            "+0 b: wait asleep for 5s\n");
}

/* Keep-alive ends a connection with a host that sleeps, in the same late look at the clock in which another
 * one times out. */
static void keep_alive_may_end_what_times_out_beside_another(void **state)
{
    (void)state;
    replays("--mode=causes\n"
            "--ip_version=ipv4\n"
            "--hosts=2\n"
            "--delay=1000us\n"
            "+0 a: set r2_us=1000000s\n"
            "+0 a: set user_timeout_us=1000000s\n"
            "+0 b: set r2_us=1000000s\n"
            "+0 b: set user_timeout_us=1000000s\n"
            "+0 a: tcp.open(passive, 80, ..., 0) = c0\n"
            "+0 b: socket(..., SOCK_STREAM, IPPROTO_TCP) = 0\n"
            "+0 b: bind(0, 8000, ...) = ...\n"
            "+0 b: listen(0, 0) = ...\n"
            "+0 b: socket(..., SOCK_STREAM, IPPROTO_TCP) = 1\n"
            "+0 b: connect(1, 80, ...) = ...\n"
            "+0.002001 b: socket.set(1, SO_KEEPALIVE, 1) = ...\n"
            "+0 a: tcp.open(active, 84, 8000) = c2\n"
            "+0 b: wait until deadline\n"
            "+0 b: accept(0, ..., ...) = 2\n"
            "+0 b: shutdown(2, SHUT_WR) = ...\n"
            "+0 a: wait asleep for 10min\n"
            "+0 b: wait asleep for 150s\n");
}

/* An RST has ended TIME-WAIT (RFC 1337), so an old FIN is kept for the next connection on the same ports. */
static void an_old_fin_that_was_kept_ends_the_next_connection(void **state)
{
    (void)state;
    replays("--mode=causes\n"
            "--ip_version=ipv4\n"
            "--hosts=2\n"
            "--delay=1us\n"
            "+0 b: set receive_buffer_bytes=1000\n"
            "+0 a: tcp.open(passive, 80, ..., 0) = c0\n"
            "+0 b>a #0-5 duplicate 2360us\n"
            "+0 b: tcp.open(active, 8003, 80) = c0\n"
            "+0.000005 a: tcp.accept(c0) = c1\n"
            "+0 b: tcp.send(c0, ..., 1000) = ...\n"
            "+0.000271 a: tcp.close(c1) = ...\n"
            "+0 wait for 271us\n"
            "+0.000271 b: tcp.close(c0) = ...\n"
            "+0 wait for 271us\n"
            "+0 wait for 271us\n"
            "+0 wait for 271us\n"
            "+0 wait for 271us\n"
            "+0 wait for 271us\n"
            "+0.000271 b: tcp.open(active, 8003, 80) = c0\n"
            "+0.000005 a: tcp.accept(c0) = c1\n"
            "+0.0025 a: tcp.send(c1, ..., 5000) = ...\n"
            "+0 b: tcp.send(c0, ..., 500) = ...\n"
            "+0 b: wait until deadline\n");
}

/* RFC 3168 6.1.5: text that is there already brings no mark, though a FIN behind it is new. */
static void a_mark_on_old_text_before_a_new_fin_is_not_echoed(void **state)
{
    (void)state;
    replays("--mode=causes\n"
            "--ip_version=ipv4\n"
            "--hosts=2\n"
            "--delay=1000us\n"
            "+0 b: set rto_min_us=10ms\n"
            "+0 b: set ecn=2\n"
            "+0 b>a #1 drop\n"
            "+0 b>a #9 drop\n"
            "+0 b>a #11 drop\n"
            "+0 b>a #12 drop\n"
            "+0 b>a #13 drop\n"
            "+0 b>a #14 mark\n"
            "+0 a: socket(..., SOCK_STREAM, IPPROTO_TCP) = 0\n"
            "+0 a: bind(0, 80, ...) = ...\n"
            "+0 a: listen(0, 0) = ...\n"
            "+0 b: socket(..., SOCK_STREAM, IPPROTO_TCP) = 0\n"
            "+0 b: connect(0, 80, ...) = ...\n"
            "+0 a: socket(..., SOCK_STREAM, IPPROTO_TCP) = 2\n"
            "+0 a: connect(2, 8000, ...) = ...\n"
            "+0 b: socket(..., SOCK_STREAM, IPPROTO_TCP) = 1\n"
            "+0 b: connect(1, 84, ...) = ...\n"
            "+0 a: wait until deadline\n"
            "+0 b: write(0, ..., 1) = ...\n"
            "+0 b: write(0, ..., 1461) = ...\n"
            "+0 b: socket(..., SOCK_STREAM, IPPROTO_TCP) = 2\n"
            "+0 b: connect(2, 80, ...) = ...\n"
            "+0.005 b: close(0) = ...\n"
            "+0 b: socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
            "+0 b: connect(3, 80, ...) = ...\n"
            "+0 a: wait until deadline\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_write_that_goes_on_sends_at_once),
        cmocka_unit_test(a_write_that_goes_on_is_given_time),
        cmocka_unit_test(a_wait_gone_back_to_begins_anew),
        cmocka_unit_test(text_of_an_aborted_connection_excuses_the_next),
        cmocka_unit_test(a_handshake_that_was_closed_may_be_given_up),
        cmocka_unit_test(an_ack_of_an_aborted_connection_excuses_the_next),
        cmocka_unit_test(a_copy_of_a_syn_with_fixed_numbers_is_not_guarded),
        cmocka_unit_test(a_timeout_of_a_probes_octet_makes_congestion_unknown),
        cmocka_unit_test(a_run_out_of_rounds_is_not_judged),
        cmocka_unit_test(a_dropped_reset_makes_no_new_life_of_a_repeated_syn),
        cmocka_unit_test(old_octets_before_new_ones_come_in_order),
        cmocka_unit_test(an_ack_in_a_repeated_segment_measures_nothing),
        cmocka_unit_test(the_end_of_a_wait_gone_back_to_is_seen),
        cmocka_unit_test(a_time_wait_that_a_copy_of_its_peer_keeps_is_excused),
        cmocka_unit_test(answers_to_a_host_that_slept_are_no_war),
        cmocka_unit_test(a_narrower_path_makes_no_loss_window_too_large),
        cmocka_unit_test(keep_alive_may_end_what_times_out_beside_another),
        cmocka_unit_test(an_old_fin_that_was_kept_ends_the_next_connection),
        cmocka_unit_test(a_mark_on_old_text_before_a_new_fin_is_not_echoed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
