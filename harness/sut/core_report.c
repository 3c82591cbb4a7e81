/* What the stack did, as reports: steps are noted after every cause (the stack remembers only the
 * last), state changes and finished calls are asked for when the harness polls. */
#include "sut/core.h"

#include "tcp/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct sut_report *append(struct sut_instance *instance)
{
    if (instance->reports_end == instance->reports_capacity) {
        const size_t capacity =
            instance->reports_capacity == 0 ? 64 : instance->reports_capacity * 2;
        struct sut_report *grown = realloc(instance->reports, capacity * sizeof *grown);
        if (grown == NULL)
            return NULL;
        instance->reports = grown;
        instance->reports_capacity = capacity;
    }
    struct sut_report *report = &instance->reports[instance->reports_end++];
    memset(report, 0, sizeof *report);
    return report;
}

/* The flow of a record, remembered from earlier when the record is gone by now. */
static struct tcp_flow flow_of(struct sut_instance *instance, tcp_handle connection)
{
    struct tcp_flow none;
    memset(&none, 0, sizeof none);
    if (connection.generation == 0 || connection.slot >= instance->flow_limit)
        return none;
    struct core_flow *known = &instance->flows[connection.slot];
    struct tcp_status status;
    if (tcp_host_look(instance->host, connection, &status) == TCP_OK) {
        known->connection = connection;
        known->flow = status.flow;
    }
    return known->connection.generation == connection.generation ? known->flow : none;
}

/* The flow that a packet for no connection named, as this host sees it. */
static struct tcp_flow flow_of_packet(const uint8_t *packet, size_t count)
{
    struct tcp_segment segment;
    (void)tcp_wire_read(packet, count, &segment, NULL); /* zeroed when it cannot be read */
    return (struct tcp_flow){.local = segment.destination, .remote = segment.source};
}

void core_note_step(struct sut_instance *instance, const uint8_t *packet, size_t count)
{
    const struct tcp_step_record step = tcp_host_last_step(instance->host);
    if (step.cause == TCP_CAUSE_NONE || step.number == instance->step_number)
        return;
    instance->step_number = step.number;
    struct sut_report *report = append(instance);
    if (report == NULL)
        return;
    report->kind = SUT_REPORT_STEP;
    report->step = step;
    report->connection = step.connection;
    if (step.connection.generation == 0 && packet != NULL)
        report->flow = flow_of_packet(packet, count);
    else
        report->flow = flow_of(instance, step.connection);
}

static bool take_queued(struct sut_instance *instance, struct sut_report *out)
{
    if (instance->reports_first == instance->reports_end)
        return false;
    *out = instance->reports[instance->reports_first++];
    if (instance->reports_first == instance->reports_end)
        instance->reports_first = instance->reports_end = 0;
    return true;
}

static bool take_states(struct sut_instance *instance, struct sut_report *out)
{
    struct tcp_event event;
    if (!tcp_host_poll_event(instance->host, &event))
        return false;
    memset(out, 0, sizeof *out);
    out->connection = event.connection;
    out->states = event.states;
    out->state_count = event.state_count;
    out->events = event.bits;
    out->ended = event.ended;
    out->flow = flow_of(instance, event.connection);
    out->kind = event.state_count > 0 ? SUT_REPORT_STATES : SUT_REPORT_EVENTS;
    if (event.state_count > 0 && event.bits != 0) { /* two reports */
        struct sut_report *second = append(instance);
        if (second != NULL) {
            *second = *out;
            second->kind = SUT_REPORT_EVENTS;
        }
    }
    return true;
}

bool core_poll(struct sut_instance *instance, tcp_time now, struct sut_report *out)
{
    if (take_queued(instance, out) || take_states(instance, out))
        return true;
    struct sut_result result;
    if (core_resume(instance, now, &result)) {
        struct sut_report *report = append(instance); /* behind the steps that it took */
        if (report != NULL) {
            report->kind = SUT_REPORT_CALL_DONE;
            report->result = result;
        }
    }
    return take_queued(instance, out) || take_states(instance, out);
}
