/* Every oracle, in the order of the catalogue. To add one: write its file, add its row here and run
 * the tests, which print the catalogue that README.md must show. */
#ifndef FINWAIT_ORACLE_TABLE_H
#define FINWAIT_ORACLE_TABLE_H

#include "oracle/oracle_row.h"

#define ORACLE_TABLE(X)                                                                            \
    X(checksums_right)                                                                             \
    X(header_well_formed)                                                                          \
    X(handshake_options_on_syn)                                                                    \
    X(options_negotiated)                                                                          \
    X(payload_as_written)                                                                          \
    X(ack_field_monotone)                                                                          \
    X(ack_covers_received)                                                                         \
    X(data_inside_offered_window)                                                                  \
    X(nothing_after_fin)                                                                           \
    X(fin_keeps_its_number)                                                                        \
    X(no_gap_in_what_is_sent)                                                                      \
    X(right_edge_never_moves_left)                                                                 \
    X(payload_within_mss)                                                                          \
    X(reset_form)                                                                                  \
    X(no_reset_for_a_reset)                                                                        \
    X(one_ack_for_an_unacceptable)                                                                 \
    X(fin_after_everything_written)                                                                \
    X(idle_ack_draws_nothing)                                                                      \
    X(unacceptable_draws_an_ack)                                                                   \
    X(receiver_silly_window)                                                                       \
    X(sender_silly_window)                                                                         \
    X(nagle)                                                                                       \
    X(every_second_acknowledged)                                                                   \
    X(flight_within_congestion_window)                                                             \
    X(sack_blocks_sound)                                                                           \
    X(ack_always_sent)                                                                             \
    X(acknowledged_at_once)                                                                        \
    X(path_mtu_heeded)                                                                             \
    X(timestamp_echo)                                                                              \
    X(timestamp_clock)                                                                             \
    X(ecn_on_new_text)                                                                             \
    X(marks_echoed)                                                                                \
    X(echoes_answered)                                                                             \
    X(own_invariants_hold)                                                                         \
    X(state_edge_legal)                                                                            \
    X(own_fin_acknowledged)                                                                        \
    X(peer_fin_arrived)                                                                            \
    X(refused_changes_nothing)                                                                     \
    X(window_follows_newest_ack)                                                                   \
    X(loss_window_after_timeout)                                                                   \
    X(reset_is_exact)                                                                              \
    X(handshake_is_complete)                                                                       \
    X(old_incarnation_refused)                                                                     \
    X(delivered_as_sent)                                                                           \
    X(end_after_last_octet)                                                                        \
    X(ends_agree_on_octets)                                                                        \
    X(ends_agree_on_the_end)                                                                       \
    X(repeats_itself)                                                                              \
    X(place_does_not_matter)                                                                       \
    X(strangers_do_not_matter)                                                                     \
    X(instant_ends)                                                                                \
    X(transfers_complete)                                                                          \
    X(all_goes_quiet)                                                                              \
    X(memory_returns)                                                                              \
    X(deadlines_move)                                                                              \
    X(exchange_goes_quiet)                                                                         \
    X(retransmission_timeout)                                                                      \
    X(probes_back_off)                                                                             \
    X(delayed_ack)                                                                                 \
    X(keep_alive_interval)                                                                         \
    X(gives_up_in_time)                                                                            \
    X(time_wait_lasts)

#define ORACLE_DECLARE(name) extern const struct oracle oracle_##name;
ORACLE_TABLE(ORACLE_DECLARE)
#undef ORACLE_DECLARE

#endif
