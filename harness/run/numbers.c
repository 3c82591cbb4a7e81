/* Numbers of the script and numbers of the wire. The script counts what the stack sends from the
 * stack's initial number, whatever that is; what the peer sends is used as the script says it. Some
 * numbers name a variable of the connection instead (`rcv.nxt+1`). */
#include "run/runner.h"

bool numbers_status(struct run *run, const struct connection *connection, struct tcp_status *out)
{
    const struct sut_call call = {.kind = SUT_CALL_INSPECT, .flow = connection->flow};
    const struct sut_result result = run->sut->call(run->instance, run->now, &call);
    if (result.error != NULL || result.value == 0) {
        return false;
    }
    /* The record may be a later life's on the same ports. */
    if (connection->has_local_isn && !tcp_seq_equal(result.status.iss, connection->local_isn) &&
        result.status.state != TCB_LISTEN) {
        return false;
    }
    *out = result.status;
    return true;
}

static tcp_seqno variable(const struct tcp_status *status, enum scenario_base base)
{
    switch (base) {
    case SCENARIO_BASE_ISS:
        return status->iss;
    case SCENARIO_BASE_IRS:
        return status->irs;
    case SCENARIO_BASE_SND_UNA:
        return status->snd_una;
    case SCENARIO_BASE_SND_NXT:
        return status->snd_nxt;
    case SCENARIO_BASE_SND_EDGE:
        return tcp_seq_add(status->snd_una, status->snd_wnd);
    case SCENARIO_BASE_RCV_NXT:
        return status->rcv_nxt;
    case SCENARIO_BASE_RCV_EDGE:
        return tcp_seq_add(status->rcv_nxt, status->rcv_wnd);
    case SCENARIO_BASE_SCRIPT:
    case SCENARIO_BASE_ABSOLUTE:
        break;
    }
    return (tcp_seqno){0};
}

static tcp_seqno from_script(const struct connection *connection, uint32_t offset,
                             enum number_side side)
{
    if (side == NUMBER_REMOTE || connection == NULL || !connection->has_local_isn) {
        return (tcp_seqno){offset};
    }
    return (tcp_seqno){connection->local_isn.raw + (offset - connection->script_local_isn)};
}

bool numbers_live(struct run *run, const struct connection *connection,
                  const struct scenario_number *number, enum number_side side, tcp_seqno *out)
{
    const uint32_t offset = (uint32_t)number->offset;
    if (number->base == SCENARIO_BASE_SCRIPT) {
        *out = from_script(connection, offset, side);
        return true;
    }
    if (number->base == SCENARIO_BASE_ABSOLUTE) {
        *out = (tcp_seqno){offset};
        return true;
    }
    if ((run->sut->capabilities & SUT_INSPECT) == 0) {
        return run_fail(run, RUN_SKIPPED, number->span,
                        "%s cannot tell the state of a connection, which this number needs",
                        run->sut->name);
    }
    struct tcp_status status;
    if (run->mode == RUN_CAUSES && connection != NULL) {
        const struct sut_call call = {.kind = SUT_CALL_INSPECT, .flow = connection->flow};
        const struct sut_result result = run->sut->call(run->instance, run->now, &call);
        const bool has_record = result.error == NULL && result.value != 0;
        *out = tcp_seq_add(has_record ? variable(&result.status, number->base) : (tcp_seqno){0},
                           offset);
        return true;
    }
    if (connection == NULL || !numbers_status(run, connection, &status)) {
        return run_fail(run, RUN_FAILED, number->span,
                        "this number names a variable of a connection that does not exist");
    }
    *out = tcp_seq_add(variable(&status, number->base), offset);
    return true;
}

uint32_t numbers_script(const struct connection *connection, tcp_seqno number,
                        enum number_side side)
{
    if (side == NUMBER_REMOTE || connection == NULL || !connection->has_local_isn) {
        return number.raw;
    }
    return number.raw - connection->local_isn.raw + connection->script_local_isn;
}
