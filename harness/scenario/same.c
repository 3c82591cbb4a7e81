/* Field by field, in the order of scenario.h. */
#include "scenario/same.h"

#include <string.h>

static bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool same_bytes(const void *a, const void *b, size_t count)
{
    return a == NULL || b == NULL ? a == b : memcmp(a, b, count) == 0;
}

static bool same_time(const struct scenario_time *a, const struct scenario_time *b)
{
    return a->kind == b->kind && a->from_us == b->from_us && a->to_us == b->to_us &&
           a->has_end == b->has_end && a->end_is_from_start == b->end_is_from_start &&
           a->end_us == b->end_us;
}

static bool same_number(const struct scenario_number *a, const struct scenario_number *b)
{
    return a->base == b->base && a->offset == b->offset;
}

static bool same_ip(const struct scenario_ip_info *a, const struct scenario_ip_info *b)
{
    return a->ecn == b->ecn && a->has_tos == b->has_tos && a->tos == b->tos &&
           a->has_flow_label == b->has_flow_label && a->flow_label == b->flow_label &&
           a->has_ttl == b->has_ttl && a->ttl == b->ttl && a->df == b->df &&
           a->option_bytes == b->option_bytes;
}

static bool same_option(const struct scenario_option *a, const struct scenario_option *b)
{
    if (a->kind != b->kind || a->number != b->number || a->echo != b->echo ||
        a->any_value != b->any_value || a->any_echo != b->any_echo || a->is_valid != b->is_valid ||
        !same_text(a->symbol, b->symbol) || a->raw_kind != b->raw_kind ||
        a->raw_length != b->raw_length || a->has_raw_length != b->has_raw_length ||
        a->byte_count != b->byte_count || memcmp(a->bytes, b->bytes, sizeof a->bytes) != 0 ||
        a->sack_count != b->sack_count || a->ecn_e0b != b->ecn_e0b || a->ecn_e1b != b->ecn_e1b ||
        a->ecn_ceb != b->ecn_ceb || a->ecn_e1b_first != b->ecn_e1b_first) {
        return false;
    }
    for (size_t i = 0; i < a->sack_count; i++) {
        if (!same_number(&a->sack[i].left, &b->sack[i].left) ||
            !same_number(&a->sack[i].right, &b->sack[i].right)) {
            return false;
        }
    }
    return true;
}

static bool same_options(const struct scenario_tcp *a, const struct scenario_tcp *b)
{
    if (a->any_options != b->any_options || a->says_options != b->says_options ||
        a->option_count != b->option_count) {
        return false;
    }
    for (size_t i = 0; i < a->option_count; i++) {
        if (!same_option(&a->options[i], &b->options[i])) {
            return false;
        }
    }
    return true;
}

static bool same_raw(const struct scenario_raw_field *a, size_t a_count,
                     const struct scenario_raw_field *b, size_t b_count)
{
    if (a_count != b_count) {
        return false;
    }
    for (size_t i = 0; i < a_count; i++) {
        if (!same_text(a[i].name, b[i].name) || a[i].value != b[i].value) {
            return false;
        }
    }
    return true;
}

static bool same_tcp(const struct scenario_tcp *a, const struct scenario_tcp *b)
{
    return a->flags == b->flags && a->any_flags == b->any_flags && a->ace == b->ace &&
           same_number(&a->start, &b->start) && same_number(&a->end, &b->end) &&
           a->has_end == b->has_end && a->any_sequence == b->any_sequence &&
           a->payload_bytes == b->payload_bytes && a->has_ack == b->has_ack &&
           same_number(&a->ack, &b->ack) && a->has_window == b->has_window &&
           a->window == b->window && a->has_urgent == b->has_urgent && a->urgent == b->urgent &&
           same_options(a, b) && same_bytes(a->text, b->text, a->payload_bytes) &&
           same_raw(a->raw, a->raw_count, b->raw, b->raw_count);
}

static bool same_icmp(const struct scenario_icmp *a, const struct scenario_icmp *b)
{
    return same_text(a->type, b->type) && same_text(a->code, b->code) && a->has_mtu == b->has_mtu &&
           a->mtu == b->mtu && a->has_id == b->has_id && a->id == b->id &&
           same_text(a->quoted, b->quoted) && same_number(&a->quoted_start, &b->quoted_start) &&
           same_number(&a->quoted_end, &b->quoted_end) && a->quoted_bytes == b->quoted_bytes &&
           a->has_quote == b->has_quote && a->quote_bytes == b->quote_bytes &&
           same_raw(a->raw, a->raw_count, b->raw, b->raw_count);
}

static bool same_encapsulations(const struct scenario_packet *a, const struct scenario_packet *b)
{
    if (a->encapsulation_count != b->encapsulation_count) {
        return false;
    }
    for (size_t i = 0; i < a->encapsulation_count; i++) {
        if (!same_text(a->encapsulations[i].kind, b->encapsulations[i].kind) ||
            !same_text(a->encapsulations[i].text, b->encapsulations[i].text) ||
            !same_ip(&a->encapsulations[i].ip, &b->encapsulations[i].ip)) {
            return false;
        }
    }
    return true;
}

static bool same_packet(const struct scenario_packet *a, const struct scenario_packet *b)
{
    if (a->direction != b->direction || a->protocol != b->protocol ||
        !same_text(a->connection, b->connection) || !same_text(a->from, b->from) ||
        !same_text(a->to, b->to) || !same_ip(&a->ip, &b->ip) || !same_encapsulations(a, b) ||
        a->has_ports != b->has_ports || a->source_port != b->source_port ||
        a->destination_port != b->destination_port) {
        return false;
    }
    switch (a->protocol) {
    case SCENARIO_TCP:
        return same_tcp(&a->as.tcp, &b->as.tcp);
    case SCENARIO_UDP:
        return a->as.udp.payload_bytes == b->as.udp.payload_bytes;
    case SCENARIO_ICMP:
        return same_icmp(&a->as.icmp, &b->as.icmp);
    }
    return false;
}

/* The parser bounds the depth. */
static bool same_value(const struct scenario_value *a, const struct scenario_value *b)
{
    if (a->kind != b->kind || a->is_hex != b->is_hex || a->is_cut != b->is_cut ||
        a->integer != b->integer || a->text_bytes != b->text_bytes ||
        !same_bytes(a->text, b->text, a->text_bytes) || a->child_count != b->child_count) {
        return false;
    }
    for (size_t i = 0; i < a->child_count; i++) {
        if (!same_value(&a->children[i], &b->children[i])) {
            return false;
        }
    }
    return true;
}

static bool same_call(const struct scenario_call *a, const struct scenario_call *b)
{
    if (!same_text(a->name, b->name) || a->argument_count != b->argument_count ||
        !same_value(&a->result, &b->result) || !same_text(a->error, b->error) ||
        !same_text(a->error_text, b->error_text) || !same_text(a->note, b->note)) {
        return false;
    }
    for (size_t i = 0; i < a->argument_count; i++) {
        if (!same_value(&a->arguments[i], &b->arguments[i])) {
            return false;
        }
    }
    return true;
}

static bool same_assertion(const struct scenario_assertion *a, const struct scenario_assertion *b)
{
    if (!same_text(a->connection, b->connection) || a->descriptor != b->descriptor ||
        a->is_host != b->is_host || a->condition_count != b->condition_count) {
        return false;
    }
    for (size_t i = 0; i < a->condition_count; i++) {
        const struct scenario_condition *one = &a->conditions[i];
        const struct scenario_condition *other = &b->conditions[i];
        if (!same_text(one->field, other->field) || one->compare != other->compare ||
            !same_text(one->word, other->word) || !same_number(&one->number, &other->number)) {
            return false;
        }
    }
    return true;
}

static bool same_settings(const struct scenario_event *a, const struct scenario_event *b)
{
    if (a->as.settings.count != b->as.settings.count) {
        return false;
    }
    for (size_t i = 0; i < a->as.settings.count; i++) {
        if (!same_text(a->as.settings.items[i].name, b->as.settings.items[i].name) ||
            a->as.settings.items[i].value != b->as.settings.items[i].value) {
            return false;
        }
    }
    return true;
}

static bool same_edit(const struct scenario_edit *a, const struct scenario_edit *b)
{
    return a->from == b->from && a->kind == b->kind && a->first == b->first && a->last == b->last &&
           a->us == b->us && a->place == b->place && a->value == b->value && a->mtu == b->mtu &&
           a->is_silent == b->is_silent && same_text(a->code, b->code);
}

static bool same_group(const struct scenario_event *a, const struct scenario_event *b)
{
    if (a->as.group.count != b->as.group.count) {
        return false;
    }
    for (size_t i = 0; i < a->as.group.count; i++) {
        if (!scenario_event_same(&a->as.group.items[i], &b->as.group.items[i])) {
            return false;
        }
    }
    return true;
}

bool scenario_event_same(const struct scenario_event *a, const struct scenario_event *b)
{
    if (a->kind != b->kind || !same_time(&a->time, &b->time) || !same_text(a->host, b->host)) {
        return false;
    }
    switch (a->kind) {
    case SCENARIO_PACKET:
        return same_packet(a->as.packet, b->as.packet);
    case SCENARIO_CALL:
        return same_call(a->as.call, b->as.call);
    case SCENARIO_COMMAND:
    case SCENARIO_CODE:
        return a->as.text.count == b->as.text.count &&
               same_bytes(a->as.text.bytes, b->as.text.bytes, a->as.text.count);
    case SCENARIO_ASSERT:
        return same_assertion(a->as.assertion, b->as.assertion);
    case SCENARIO_SET:
        return same_settings(a, b);
    case SCENARIO_QUIET:
        return a->as.quiet_us == b->as.quiet_us;
    case SCENARIO_WAIT:
        return a->as.wait.is_until_deadline == b->as.wait.is_until_deadline &&
               a->as.wait.is_asleep == b->as.wait.is_asleep && a->as.wait.us == b->as.wait.us;
    case SCENARIO_EDIT:
        return same_edit(&a->as.edit, &b->as.edit);
    case SCENARIO_BATCH:
    case SCENARIO_ANY_ORDER:
    case SCENARIO_ONE_OF:
    case SCENARIO_ALTERNATIVE:
        return same_group(a, b);
    }
    return false;
}

static bool same_header(const struct scenario *a, const struct scenario *b)
{
    if (a->option_count != b->option_count || a->note_count != b->note_count ||
        !same_text(a->start, b->start) || !same_text(a->init_command, b->init_command) ||
        !same_text(a->cleanup_command, b->cleanup_command)) {
        return false;
    }
    for (size_t i = 0; i < a->option_count; i++) {
        if (!same_text(a->options[i].name, b->options[i].name) ||
            !same_text(a->options[i].value, b->options[i].value)) {
            return false;
        }
    }
    for (size_t i = 0; i < a->note_count; i++) {
        if (!same_text(a->notes[i].kind, b->notes[i].kind) ||
            !same_text(a->notes[i].subject, b->notes[i].subject) ||
            !same_text(a->notes[i].reason, b->notes[i].reason)) {
            return false;
        }
    }
    return true;
}

bool scenario_same(const struct scenario *a, const struct scenario *b)
{
    if (!same_header(a, b) || a->event_count != b->event_count) {
        return false;
    }
    for (size_t i = 0; i < a->event_count; i++) {
        if (!scenario_event_same(&a->events[i], &b->events[i])) {
            return false;
        }
    }
    return true;
}
