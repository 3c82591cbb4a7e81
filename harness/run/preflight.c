/* Before anything runs: can it? What the language knows and the runner cannot do yet is named, with
 * its place, and the script is skipped; nothing is half run. */
#include "run/inject.h"
#include "run/runner.h"

#include <string.h>

static bool skip(struct run *run, struct source_span span, const char *what)
{
    return run_fail(run, RUN_SKIPPED, span, "%s cannot run yet", what);
}

/* Commands of other systems' scripts that set what is the default here, or tidy up after them. */
static bool is_harmless(const char *text, size_t count)
{
    static const char *const names[] = {"defaults.sh", "restore_sysctls", "set_sysctls.sh"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (memmem(text, count, names[i], strlen(names[i])) != NULL) {
            return true;
        }
    }
    return count == 0;
}

/* IP fields that nobody would set or look at. */
static bool check_ip(struct run *run, const struct scenario_packet *packet)
{
    const struct scenario_ip_info *const ip = &packet->ip;
    if (packet->protocol == SCENARIO_ICMP &&
        (ip->ecn != SCENARIO_ECN_UNSAID || ip->df != SCENARIO_DF_UNSAID || ip->has_tos ||
         ip->has_flow_label || ip->has_ttl || ip->option_bytes != 0)) {
        return skip(run, ip->span, "an ICMP packet with IP fields");
    }
    return !ip->has_flow_label || packet->direction == SCENARIO_INBOUND ||
           skip(run, ip->span, "the flow label of a packet of the stack's");
}

static bool check_packet(struct run *run, const struct scenario_event *event)
{
    const struct scenario_packet *const packet = event->as.packet;
    if (packet->encapsulation_count > 0) {
        return skip(run, packet->encapsulations[0].span, "encapsulation");
    }
    if (!check_ip(run, packet)) {
        return false;
    }
    switch (packet->protocol) {
    case SCENARIO_UDP:
        return skip(run, event->span, "a UDP packet");
    case SCENARIO_ICMP:
        return packet->direction == SCENARIO_INBOUND
                   ? inject_knows_icmp(run, &packet->as.icmp)
                   : skip(run, event->span, "an ICMP packet of the stack's");
    case SCENARIO_TCP:
        break;
    }
    for (size_t i = 0; i < packet->as.tcp.option_count; i++) {
        const struct scenario_option *const option = &packet->as.tcp.options[i];
        if (option->symbol != NULL) {
            return run_fail(run, RUN_SKIPPED, option->span,
                            "%s has no value: give it one by -D %s=VALUE", option->symbol,
                            option->symbol);
        }
        if (option->is_valid) {
            return skip(run, option->span, "md5 valid");
        }
    }
    if (packet->direction == SCENARIO_INBOUND && packet->as.tcp.payload_bytes > 65535) {
        return run_fail(run, RUN_INVALID, packet->as.tcp.sequence_span,
                        "no IP packet holds that much");
    }
    return true;
}

static bool check_group(struct run *run, const struct scenario_event *event,
                        enum scenario_direction direction)
{
    for (size_t i = 0; i < event->as.group.count; i++) {
        const struct scenario_event *const item = &event->as.group.items[i];
        if (item->kind != SCENARIO_PACKET || item->as.packet->direction != direction) {
            return run_fail(run, RUN_INVALID, item->span, "only %s packets may stand here",
                            direction == SCENARIO_INBOUND ? "inbound" : "outbound");
        }
        if (item->host != NULL) {
            return skip(run, item->span, "a script of two hosts");
        }
        if (!check_packet(run, item)) {
            return false;
        }
    }
    return true;
}

static bool check_alternatives(struct run *run, const struct scenario_event *event)
{
    for (size_t i = 0; i < event->as.group.count; i++) {
        if (!check_group(run, &event->as.group.items[i], SCENARIO_OUTBOUND)) {
            return false;
        }
    }
    return true;
}

static bool check_call(struct run *run, const struct scenario_call *call)
{
    if (calls_find(call->name) == NULL) {
        return vocabulary_refuse_call(run, call);
    }
    if (strncmp(call->name, "tcp.", strlen("tcp.")) == 0) {
        return (run->sut->capabilities & SUT_TCP_CALLS) != 0 ||
               run_fail(run, RUN_SKIPPED, call->name_span, "%s has sockets only", run->sut->name);
    }
    return (run->sut->capabilities & SUT_SOCKETS) != 0 ||
           run_fail(run, RUN_SKIPPED, call->name_span, "%s has no sockets", run->sut->name);
}

static bool check_event(struct run *run, const struct scenario_event *event)
{
    if (event->host != NULL) {
        return skip(run, event->span, "a script of two hosts");
    }
    switch (event->kind) {
    case SCENARIO_PACKET:
        return check_packet(run, event);
    case SCENARIO_CALL:
        return check_call(run, event->as.call);
    case SCENARIO_BATCH:
        return check_group(run, event, SCENARIO_INBOUND);
    case SCENARIO_ANY_ORDER:
        return check_group(run, event, SCENARIO_OUTBOUND);
    case SCENARIO_ONE_OF:
        return check_alternatives(run, event);
    case SCENARIO_CODE:
        return skip(run, event->span, "code in %{ }%");
    case SCENARIO_COMMAND:
        return is_harmless(event->as.text.bytes, event->as.text.count) ||
               skip(run, event->span, "this command");
    case SCENARIO_SET:
        return (run->sut->capabilities & SUT_CONFIGURE) != 0 ||
               run_fail(run, RUN_SKIPPED, event->span, "%s cannot be configured while it runs",
                        run->sut->name);
    case SCENARIO_EDIT:
        return skip(run, event->span, "a script of two hosts");
    case SCENARIO_WAIT:
    case SCENARIO_ASSERT:
    case SCENARIO_QUIET:
    case SCENARIO_ALTERNATIVE:
        break;
    }
    return true;
}

bool preflight(struct run *run)
{
    const char *const init = run->scenario->init_command;
    if (init != NULL && !is_harmless(init, strlen(init))) {
        return skip(run, (struct source_span){0}, "the command before the first statement");
    }
    for (size_t i = 0; i < run->scenario->option_count; i++) {
        const struct scenario_option_line *const line = &run->scenario->options[i];
        if (strcmp(line->name, "hosts") == 0 && strcmp(line->value, "1") != 0) {
            return skip(run, line->span, "a script of two hosts");
        }
        if (strcmp(line->name, "udp_encapsulation") == 0) {
            return skip(run, line->span, "encapsulation in UDP");
        }
    }
    if (run->scenario->start != NULL && !prologue_exists(run->scenario->start)) {
        return run_fail(run, RUN_INVALID, run->scenario->start_span, "there is no prologue %s",
                        run->scenario->start);
    }
    for (size_t i = 0; i < run->scenario->event_count; i++) {
        if (!check_event(run, &run->scenario->events[i])) {
            return false;
        }
    }
    return true;
}
