/* S02 and S03: what the application reads is what the peer sent, in order, once, and the end comes
 * after the last octet. */
#include <inttypes.h>

#include "oracle/oracle_table.h"

/* The life whose bytes a receive took or whose end it met, if that can be followed. */
static struct flow_life *life_of_receive(const struct oracle_watch *watch)
{
    const struct trace_call *call = &watch->record->as.call;
    struct flow_life *life = watch->view->life;
    const bool is_receive = call->is_receive || watch->view->call.is_receive;
    const bool can_follow = life != NULL && life->inbound != NULL && !life->reads_are_unknown;
    return is_receive && can_follow && call->error == NULL ? life : NULL;
}

static void observe_text(void *state, struct oracle_watch *watch)
{
    (void)state;
    const struct trace_call *call = &watch->record->as.call;
    struct flow_life *life = life_of_receive(watch);
    if (life == NULL || call->value <= 0 || call->bytes == NULL ||
        (uint64_t)call->value > call->count) {
        return;
    }
    const size_t count = (size_t)call->value;
    const size_t matched = inbound_matching(life->inbound, life->delivered, call->bytes, count);
    if (!oracle_holds(watch, matched == count)) {
        oracle_fire(watch, "octet %" PRIu64 " of the stream was read, but the peer sent no such",
                    life->delivered + matched);
    }
}

const struct oracle oracle_delivered_as_sent = {
    .description =
        {
            .id = "S02",
            .name = "delivered-as-sent",
            .level = ORACLE_MUST,
            .cost = ORACLE_COST_OCTETS,
            .reference = "RFC 9293 3.4, 3.8",
            .statement =
                "What the application reads is a prefix of what the peer sent, in order and "
                "once.",
        },
    .sees = ORACLE_SEES_CALL_DONE,
    .observe = observe_text,
};

static void observe_end(void *state, struct oracle_watch *watch)
{
    (void)state;
    const struct trace_call *call = &watch->record->as.call;
    const struct flow_life *life = life_of_receive(watch);
    if (life == NULL || call->value != 0 || watch->view->call.room == 0 || life->was_reset ||
        life->was_told_end) {
        return; /* a read of nothing gives 0 too, and so may one after an error was reported */
    }
    if (!oracle_holds(watch, inbound_ends_at(life->inbound, life->delivered))) {
        oracle_fire(watch, "the end was read behind octet %" PRIu64 ", but no FIN stands there",
                    life->delivered);
    }
}

const struct oracle oracle_end_after_last_octet = {
    .description =
        {
            .id = "S03",
            .name = "end-after-last-octet",
            .level = ORACLE_MUST,
            .reference = "RFC 9293 3.6, 3.10.3",
            .statement =
                "A read meets the end only behind the last octet before the peer's FIN, and "
                "with everything there.",
        },
    .sees = ORACLE_SEES_CALL_DONE,
    .observe = observe_end,
};
