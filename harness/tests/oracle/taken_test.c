/* T05 to T07: the window behind the newest ACK, the loss window, and RST. Numbers lie around the wrap. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "oracle/taken.h"

#define UNA UINT32_C(0xfffffff0)
#define NXT UINT32_C(16)
#define RCV UINT32_C(0xfffffffe)

static tcp_seqno number(uint32_t raw)
{
    return (tcp_seqno){raw};
}

static struct tcp_status standing(void)
{
    struct tcp_status status;
    memset(&status, 0, sizeof status);
    status.state = TCB_ESTABLISHED;
    status.iss = number(UNA - 1000);
    status.snd_una = number(UNA);
    status.snd_nxt = number(NXT);
    status.snd_wl1 = number(RCV);
    status.snd_wl2 = number(UNA);
    status.snd_wnd = 5000;
    status.rcv_nxt = number(RCV);
    status.send_mss = 1000;
    return status;
}

static struct tcp_segment ack_of(uint32_t seq, uint32_t ack, uint16_t window)
{
    struct tcp_segment segment;
    memset(&segment, 0, sizeof segment);
    segment.flags = TCP_FLAG_ACK;
    segment.seq = number(seq);
    segment.ack = number(ack);
    segment.window = window;
    return segment;
}

static struct tcp_step_record step_to(enum tcp_cause cause, enum tcb_state before,
                                      enum tcb_state after)
{
    return (struct tcp_step_record){
        .cause = cause, .before = before, .after = after, .verdict = TCP_VERDICT_ACCEPT};
}

/* ---- T05 ------------------------------------------------------------------------------------------- */

static void a_segment_taken_with_an_ack_has_a_window(void **state)
{
    (void)state;
    const struct tcp_status before = standing();
    struct tcp_segment segment = ack_of(RCV, UNA, 1);
    struct tcp_step_record step = step_to(TCP_CAUSE_SEGMENT, TCB_ESTABLISHED, TCB_CLOSE_WAIT);
    assert_true(taken_has_window(&step, &segment, &before));
    step.verdict = TCP_VERDICT_ACK;
    assert_false(taken_has_window(&step, &segment, &before));
    step = step_to(TCP_CAUSE_SEGMENT, TCB_FIN_WAIT_2, TCB_TIME_WAIT); /* the path may be gone */
    assert_false(taken_has_window(&step, &segment, &before));
    step = step_to(TCP_CAUSE_SEGMENT, TCB_SYN_RECEIVED, TCB_ESTABLISHED);
    assert_false(taken_has_window(&step, &segment, &before));
    step = step_to(TCP_CAUSE_DELAYED_ACK_TIMEOUT, TCB_ESTABLISHED, TCB_ESTABLISHED);
    assert_false(taken_has_window(&step, &segment, &before));
    step = step_to(TCP_CAUSE_SEGMENT, TCB_ESTABLISHED, TCB_ESTABLISHED);
    segment.flags = TCP_FLAG_PSH;
    assert_false(taken_has_window(&step, &segment, &before));
    segment = ack_of(RCV, UNA, 1);
    struct tcp_status unanswered = before;
    unanswered.snd_una = unanswered.iss; /* CLOSE came in SYN-RECEIVED */
    assert_false(taken_has_window(&step, &segment, &unanswered));
}

static void the_newest_ack_brings_its_window(void **state)
{
    (void)state;
    const struct tcp_status before = standing();
    struct tcp_status after = before;
    after.snd_wl1 = number(1); /* beyond the wrap, three on */
    after.snd_wl2 = after.snd_una = number(3);
    after.snd_wnd = 70;
    const struct tcp_segment segment = ack_of(1, 3, 70);
    assert_null(taken_window_fault(&segment, &before, &after));
    struct tcp_status wrong = after;
    wrong.snd_wl1 = before.snd_wl1;
    assert_string_equal(taken_window_fault(&segment, &before, &wrong),
                        "SND.WL1 is not SEG.SEQ of the newest ACK");
    wrong = after;
    wrong.snd_wl2 = before.snd_wl2;
    assert_string_equal(taken_window_fault(&segment, &before, &wrong),
                        "SND.WL2 is not SEG.ACK of the newest ACK");
    wrong = after;
    wrong.snd_wnd = 71;
    assert_string_equal(taken_window_fault(&segment, &before, &wrong),
                        "SND.WND is not the window of the newest ACK");
}

static void what_came_before_is_cut_off_first(void **state)
{
    (void)state;
    const struct tcp_status before = standing();
    struct tcp_status after = before;
    after.snd_wnd = 70;
    const struct tcp_segment segment = ack_of(RCV - 10, UNA, 70); /* with text up to RCV and on */
    assert_null(taken_window_fault(&segment, &before, &after));
    after.snd_wl1 = segment.seq;
    assert_non_null(taken_window_fault(&segment, &before, &after));
}

static void an_old_ack_moves_nothing(void **state)
{
    (void)state;
    struct tcp_status before = standing();
    before.snd_wl1 = number(RCV + 1); /* something beyond a hole came already */
    const struct tcp_segment segment = ack_of(RCV, UNA + 2, 70);
    struct tcp_status after = before;
    after.snd_una = number(UNA + 2);
    after.snd_wnd -= 2; /* what it acknowledges is used up */
    assert_null(taken_window_fault(&segment, &before, &after));
    struct tcp_status wrong = after;
    wrong.snd_wnd += 2;
    assert_string_equal(taken_window_fault(&segment, &before, &wrong),
                        "SND.WND follows an old ACK");
    wrong = after;
    wrong.snd_wl1 = segment.seq;
    assert_string_equal(taken_window_fault(&segment, &before, &wrong),
                        "SND.WL1 follows an old ACK");
    wrong = after;
    wrong.snd_wl2 = segment.ack;
    assert_string_equal(taken_window_fault(&segment, &before, &wrong),
                        "SND.WL2 follows an old ACK");
    const struct tcp_segment duplicate = ack_of(RCV + 2, UNA - 1, 70); /* SEG.ACK < SND.UNA */
    assert_null(taken_window_fault(&duplicate, &before, &before));
}

/* ---- T06 ------------------------------------------------------------------------------------------- */

static void only_a_connection_with_data_under_way_has_a_loss_window(void **state)
{
    (void)state;
    struct tcp_step_record step =
        step_to(TCP_CAUSE_RETRANSMISSION_TIMEOUT, TCB_ESTABLISHED, TCB_ESTABLISHED);
    assert_true(taken_is_timeout(&step, UINT32_MAX));
    assert_false(taken_is_timeout(&step, 0));              /* it is an old one */
    assert_false(taken_is_timeout(&step, UINT32_MAX - 1)); /* one of two */
    step.after = TCB_CLOSED;
    assert_false(taken_is_timeout(&step, UINT32_MAX));
    step.after = TCB_SYN_SENT;
    assert_false(taken_is_timeout(&step, UINT32_MAX));
    step = step_to(TCP_CAUSE_PERSIST_TIMEOUT, TCB_ESTABLISHED, TCB_ESTABLISHED);
    assert_false(taken_is_timeout(&step, UINT32_MAX));
}

static void a_timeout_leaves_one_segment_and_a_share(void **state)
{
    (void)state;
    struct tcp_status after = standing();
    after.cwnd_bytes = 1000;
    after.unacked_bytes = 10000;
    after.ssthresh_bytes = 5000;
    after.retransmits = 1;
    assert_null(taken_timeout_fault(&after));
    after.ssthresh_bytes = 5001;
    assert_non_null(taken_timeout_fault(&after));
    after.congestion_control = TCP_CONGESTION_CUBIC;
    assert_null(taken_timeout_fault(&after));
    after.ssthresh_bytes = 7001;
    assert_non_null(taken_timeout_fault(&after));
    after.retransmits = 2; /* it is held */
    assert_null(taken_timeout_fault(&after));
    after.retransmits = 1;
    after.unacked_bytes = 1;
    after.ssthresh_bytes = 2000;
    assert_null(taken_timeout_fault(&after));
    after.cwnd_bytes = 1001;
    assert_string_equal(taken_timeout_fault(&after), "cwnd is not the loss window of one segment");
    after.cwnd_bytes = 999;
    assert_non_null(taken_timeout_fault(&after));
}

/* ---- T07 ------------------------------------------------------------------------------------------- */

static struct tcp_segment reset_at(uint32_t seq)
{
    struct tcp_segment segment = ack_of(seq, UNA, 0);
    segment.flags = TCP_FLAG_RST;
    return segment;
}

static void a_reset_is_judged_where_rfc_5961_is_in_force(void **state)
{
    (void)state;
    struct tcp_segment segment = reset_at(RCV);
    struct tcp_step_record step = step_to(TCP_CAUSE_SEGMENT, TCB_ESTABLISHED, TCB_CLOSED);
    assert_true(taken_is_reset(&step, &segment, true));
    assert_false(taken_is_reset(&step, &segment, false));
    step.before = TCB_SYN_SENT;
    assert_true(taken_is_reset(&step, &segment, false));
    step.before = TCB_LISTEN;
    assert_false(taken_is_reset(&step, &segment, true));
    step.before = TCB_ESTABLISHED;
    segment.flags = TCP_FLAG_FIN;
    assert_false(taken_is_reset(&step, &segment, true));
}

static void a_reset_has_an_effect_at_rcv_nxt_and_nowhere_else(void **state)
{
    (void)state;
    const struct tcp_status before = standing();
    const struct tcp_step_record ends = step_to(TCP_CAUSE_SEGMENT, TCB_ESTABLISHED, TCB_CLOSED);
    const struct tcp_step_record stays =
        step_to(TCP_CAUSE_SEGMENT, TCB_ESTABLISHED, TCB_ESTABLISHED);
    struct tcp_segment segment = reset_at(RCV);
    assert_null(taken_reset_fault(&ends, &segment, &before));
    assert_string_equal(taken_reset_fault(&stays, &segment, &before),
                        "an RST at RCV.NXT has no effect");
    segment = reset_at(RCV + 1);
    assert_null(taken_reset_fault(&stays, &segment, &before));
    assert_string_equal(taken_reset_fault(&ends, &segment, &before),
                        "an RST that only guesses has an effect");
}

static void in_syn_sent_the_ack_makes_a_reset_credible(void **state)
{
    (void)state;
    struct tcp_status before = standing();
    before.state = TCB_SYN_SENT;
    before.snd_una = before.iss;
    before.snd_nxt = number(UNA - 999);
    const struct tcp_step_record ends = step_to(TCP_CAUSE_SEGMENT, TCB_SYN_SENT, TCB_CLOSED);
    struct tcp_segment segment = reset_at(0);
    assert_non_null(taken_reset_fault(&ends, &segment, &before)); /* without ACK */
    segment.flags |= TCP_FLAG_ACK;
    segment.ack = before.snd_nxt;
    assert_null(taken_reset_fault(&ends, &segment, &before));
    segment.ack = before.iss;
    assert_non_null(taken_reset_fault(&ends, &segment, &before));
    segment.ack = number(UNA - 998);
    assert_non_null(taken_reset_fault(&ends, &segment, &before));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_segment_taken_with_an_ack_has_a_window),
        cmocka_unit_test(the_newest_ack_brings_its_window),
        cmocka_unit_test(what_came_before_is_cut_off_first),
        cmocka_unit_test(an_old_ack_moves_nothing),
        cmocka_unit_test(only_a_connection_with_data_under_way_has_a_loss_window),
        cmocka_unit_test(a_timeout_leaves_one_segment_and_a_share),
        cmocka_unit_test(a_reset_is_judged_where_rfc_5961_is_in_force),
        cmocka_unit_test(a_reset_has_an_effect_at_rcv_nxt_and_nowhere_else),
        cmocka_unit_test(in_syn_sent_the_ack_makes_a_reset_credible),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
