/* A list of causes as a scenario: one event a cause, but for waits, which become the time of the event
 * behind them, and joined packets, which become a batch. Calls are in to_call.c. */
#include <string.h>

#include "causes/encoding.h"
#include "causes/text.h"
#include "causes/to_call.h"
#include "tcp/config.h"
#include "tcp/icmp.h"
#include "trace/icmp_names.h"

struct writer {
    const struct cause_list *list;
    struct arena *arena;
    struct scenario_event *events;
    size_t count, capacity;
    int64_t waited_us; /* not yet written */
    bool has_waited;
};

static const char *host_name(const struct writer *writer, const struct cause *cause)
{
    static const char *const names[] = {"a", "b"};
    return writer->list->start.hosts == 2 ? names[cause->host & 1] : NULL;
}

static struct scenario_event *add(struct writer *writer, const struct cause *cause)
{
    void *items = writer->events;
    arena_grow(writer->arena, &items, &writer->capacity, writer->count, sizeof *writer->events);
    writer->events = items;
    struct scenario_event *const event = &writer->events[writer->count++];
    *event = (struct scenario_event){.time = {.kind = SCENARIO_TIME_RELATIVE},
                                     .host = host_name(writer, cause)};
    event->time.from_us = event->time.to_us = writer->waited_us;
    writer->waited_us = 0;
    writer->has_waited = false;
    return event;
}

/* ---- packets ----------------------------------------------------------------------------------- */

static struct scenario_number number_of(const struct cause_number *number)
{
    const bool is_absolute = number->base == SCENARIO_BASE_ABSOLUTE;
    return (struct scenario_number){.base = (enum scenario_base)number->base,
                                    .offset = is_absolute ? (int64_t)(uint32_t)number->offset
                                                          : number->offset};
}

/* The number behind `count` octets. */
static struct scenario_number end_of(const struct scenario_number *start, uint32_t count)
{
    struct scenario_number end = *start;
    end.offset += count;
    if (end.base == SCENARIO_BASE_ABSOLUTE) {
        end.offset = (uint32_t)end.offset;
    }
    return end;
}

static void set_target(struct writer *writer, const struct cause_target *target, uint8_t host,
                       struct scenario_packet *out)
{
    if (target->kind != CAUSE_PAIR) {
        out->connection = arena_format(writer->arena, "%s%u",
                                       target->kind == CAUSE_NAME ? "c" : "fd", target->index);
        return;
    }
    const struct cause_ports ports = cause_pair_ports(target->index);
    out->has_ports = true;
    out->source_port = host == CAUSE_HOST_B ? ports.local : ports.remote;
    out->destination_port = host == CAUSE_HOST_B ? ports.remote : ports.local;
}

static struct scenario_option *add_option(struct scenario_tcp *tcp, enum scenario_option_kind kind)
{
    struct scenario_option *const option = &tcp->options[tcp->option_count++];
    *option = (struct scenario_option){.kind = kind, .ecn_e0b = -1, .ecn_e1b = -1, .ecn_ceb = -1};
    return option;
}

static void add_sack(const struct cause_packet *packet, struct scenario_tcp *tcp)
{
    struct scenario_option *const option = add_option(tcp, SCENARIO_OPTION_SACK);
    option->sack_count = packet->sack_count;
    for (size_t i = 0; i < packet->sack_count; i++) {
        option->sack[i].left = number_of(&packet->sack[i].left);
        option->sack[i].right = number_of(&packet->sack[i].right);
    }
}

#define OPTIONS_MAX 6

static void add_options(struct writer *writer, const struct cause_packet *packet,
                        struct scenario_tcp *tcp)
{
    if (packet->options == 0) {
        return;
    }
    tcp->says_options = true;
    tcp->options = arena_take(writer->arena, OPTIONS_MAX * sizeof *tcp->options);
    if ((packet->options & CAUSE_OPTION_MSS) != 0) {
        add_option(tcp, SCENARIO_OPTION_MSS)->number = packet->mss;
    }
    if ((packet->options & CAUSE_OPTION_WINDOW_SCALE) != 0) {
        add_option(tcp, SCENARIO_OPTION_WINDOW_SCALE)->number = packet->window_scale;
    }
    if ((packet->options & CAUSE_OPTION_SACK_PERMITTED) != 0) {
        (void)add_option(tcp, SCENARIO_OPTION_SACK_PERMITTED);
    }
    if ((packet->options & CAUSE_OPTION_TIMESTAMPS) != 0) {
        struct scenario_option *const option = add_option(tcp, SCENARIO_OPTION_TIMESTAMPS);
        option->number = packet->timestamp_value;
        option->echo = packet->timestamp_echo;
    }
    if ((packet->options & CAUSE_OPTION_SACK) != 0) {
        add_sack(packet, tcp);
    }
    if ((packet->options & CAUSE_OPTION_RAW) != 0) {
        struct scenario_option *const option = add_option(tcp, SCENARIO_OPTION_OCTETS);
        option->byte_count = packet->raw_count;
        memcpy(option->bytes, packet->raw_bytes, packet->raw_count);
    }
}

static void add_damage(struct writer *writer, const struct cause_packet *packet,
                       struct scenario_tcp *tcp)
{
    static const char *const names[CAUSE_DAMAGE_COUNT] = {
        [CAUSE_DAMAGE_CHECKSUM] = "checksum_xor",
        [CAUSE_DAMAGE_DATA_OFFSET] = "offset",
        [CAUSE_DAMAGE_RESERVED] = "reserved",
        [CAUSE_DAMAGE_LENGTH] = "cut",
    };
    if (packet->damage != CAUSE_DAMAGE_NONE) {
        tcp->raw = arena_take(writer->arena, sizeof *tcp->raw);
        tcp->raw_count = 1;
        *tcp->raw = (struct scenario_raw_field){.name = names[packet->damage],
                                                .value = packet->damage_value};
    }
}

static void write_packet(struct writer *writer, const struct cause *cause,
                         struct scenario_event *event)
{
    const struct cause_packet *const packet = &cause->as.packet;
    struct scenario_packet *const out = arena_take(writer->arena, sizeof *out);
    struct scenario_tcp *const tcp = &out->as.tcp;
    event->kind = SCENARIO_PACKET;
    event->as.packet = out;
    out->protocol = SCENARIO_TCP;
    set_target(writer, &packet->from, cause->host, out);
    out->ip.has_tos = packet->traffic_class != 0;
    out->ip.tos = packet->traffic_class;
    out->ip.has_ttl = packet->ttl != CAUSE_TTL_USUAL;
    out->ip.ttl = out->ip.has_ttl ? packet->ttl : 0;
    tcp->flags = packet->flags;
    tcp->ace = -1;
    tcp->start = number_of(&packet->seq);
    tcp->has_end = true;
    tcp->payload_bytes = packet->payload_bytes;
    tcp->end = end_of(&tcp->start, tcp->payload_bytes);
    tcp->ack = number_of(&packet->ack);
    tcp->has_ack = tcp->ack.base != SCENARIO_BASE_ABSOLUTE || tcp->ack.offset != 0;
    tcp->ack = tcp->has_ack ? tcp->ack : (struct scenario_number){0};
    tcp->has_window = true;
    tcp->window = packet->window;
    tcp->has_urgent = packet->urgent != 0;
    tcp->urgent = packet->urgent;
    add_options(writer, packet, tcp);
    add_damage(writer, packet, tcp);
}

static void write_icmp(struct writer *writer, const struct cause *cause,
                       struct scenario_event *event)
{
    const struct cause_icmp *const icmp = &cause->as.icmp;
    struct scenario_packet *const out = arena_take(writer->arena, sizeof *out);
    struct scenario_icmp *const text = &out->as.icmp;
    event->kind = SCENARIO_PACKET;
    event->as.packet = out;
    out->protocol = SCENARIO_ICMP;
    set_target(writer, &icmp->about, cause->host, out);
    const struct icmp_kind *const kind = icmp_kind_numbered(4, icmp->type, icmp->code);
    const bool is_named =
        kind != NULL && (writer->list->start.ip_version == 4 || kind->type6 != ICMP_NONE);
    if (is_named) { /* so that IPv6 has its own numbers for it */
        text->type = kind->type;
        text->code = kind->code;
    } else {
        text->type = arena_format(writer->arena, "%u", icmp->type);
        text->code = arena_format(writer->arena, "%u", icmp->code);
    }
    text->has_mtu = icmp->mtu != 0;
    text->mtu = icmp->mtu;
    text->quoted = "tcp";
    text->quoted_start = number_of(&icmp->quoted_seq);
    text->quoted_end = end_of(&text->quoted_start, icmp->quoted_bytes);
    text->quoted_bytes = icmp->quoted_bytes;
    text->has_quote = true;
    text->quote_bytes = icmp->quoted_bytes;
}

/* ---- the others -------------------------------------------------------------------------------- */

static void write_set(struct writer *writer, const struct cause_set *set,
                      struct scenario_event *event)
{
    size_t count;
    const struct tcp_config_field *const fields = tcp_config_fields(&count);
    event->kind = SCENARIO_SET;
    event->as.settings.items = arena_take(writer->arena, sizeof *event->as.settings.items);
    event->as.settings.count = 1;
    event->as.settings.items[0] =
        (struct scenario_setting){.name = fields[set->field % count].name, .value = set->value};
}

static void write_edit(const struct cause *cause, struct scenario_event *event)
{
    const struct cause_edit *const edit = &cause->as.edit;
    static const enum scenario_edit_kind kinds[CAUSE_EDIT_COUNT] = {
        [CAUSE_EDIT_DROP] = SCENARIO_EDIT_DROP,
        [CAUSE_EDIT_DELAY] = SCENARIO_EDIT_DELAY,
        [CAUSE_EDIT_DUPLICATE] = SCENARIO_EDIT_DUPLICATE,
        [CAUSE_EDIT_CORRUPT] = SCENARIO_EDIT_CORRUPT,
        [CAUSE_EDIT_MARK] = SCENARIO_EDIT_MARK,
        [CAUSE_EDIT_MTU] = SCENARIO_EDIT_MTU,
        [CAUSE_EDIT_UNREACHABLE] = SCENARIO_EDIT_UNREACHABLE,
        [CAUSE_EDIT_PART] = SCENARIO_EDIT_PART,
    };
    event->kind = SCENARIO_EDIT;
    event->host = NULL;
    event->as.edit = (struct scenario_edit){
        .from = cause->host == CAUSE_HOST_B ? 'b' : 'a',
        .kind = kinds[edit->kind],
        .first = edit->packet,
        .last = (int64_t)edit->packet + edit->count - 1,
        .us = (int64_t)edit->us,
    };
    if (edit->kind == CAUSE_EDIT_CORRUPT) {
        event->as.edit.place = edit->place;
        event->as.edit.value = edit->value;
    } else if (edit->kind == CAUSE_EDIT_MTU) {
        event->as.edit.mtu = edit->place;
        event->as.edit.is_silent = edit->value != 0;
    } else if (edit->kind == CAUSE_EDIT_UNREACHABLE) { /* every code has a name */
        event->as.edit.code = icmp_kind_numbered(4, TCP_ICMP4_UNREACHABLE, edit->value)->code;
    }
}

/* A wait that no event takes up stands for itself. */
static void flush_wait(struct writer *writer)
{
    static const struct cause nobody = {0};
    if (writer->has_waited) {
        const int64_t us = writer->waited_us;
        writer->waited_us = 0;
        struct scenario_event *const event = add(writer, &nobody);
        event->host = NULL;
        event->kind = SCENARIO_WAIT;
        event->as.wait.us = us;
    }
}

static void write_wait(struct writer *writer, const struct cause *cause)
{
    const struct cause_wait *const wait = &cause->as.wait;
    flush_wait(writer);
    if (wait->kind == CAUSE_WAIT_FOR) {
        writer->has_waited = true;
        writer->waited_us = wait->us;
        return;
    }
    struct scenario_event *const event = add(writer, cause);
    event->kind = SCENARIO_WAIT;
    event->as.wait = (struct scenario_wait){.is_until_deadline = wait->kind == CAUSE_WAIT_DEADLINE,
                                            .is_asleep = wait->kind == CAUSE_WAIT_ASLEEP,
                                            .us = wait->us};
}

/* How many packets from `first` on arrive together. */
static size_t batch_length(const struct cause_list *list, size_t first)
{
    size_t count = 1;
    while (list->items[first + count - 1].kind == CAUSE_PACKET &&
           list->items[first + count - 1].as.packet.is_joined != 0) {
        count++;
    }
    return count;
}

static void write_batch(struct writer *writer, const struct cause *causes, size_t count)
{
    struct scenario_event *const event = add(writer, causes);
    event->kind = SCENARIO_BATCH;
    event->as.group.items = arena_take(writer->arena, count * sizeof *event->as.group.items);
    event->as.group.count = count;
    for (size_t i = 0; i < count; i++) {
        event->as.group.items[i] = (struct scenario_event){.time = event->time};
        write_packet(writer, &causes[i], &event->as.group.items[i]);
    }
}

static void write_one(struct writer *writer, const struct cause *cause)
{
    if (cause->kind == CAUSE_WAIT) {
        write_wait(writer, cause);
        return;
    }
    if (writer->has_waited && writer->waited_us == 0) {
        flush_wait(writer); /* it finishes an instant, which +0 does not */
    }
    struct scenario_event *const event = add(writer, cause);
    switch ((enum cause_kind)cause->kind) {
    case CAUSE_WAIT:
        return;
    case CAUSE_PACKET:
        write_packet(writer, cause, event);
        return;
    case CAUSE_ICMP:
        write_icmp(writer, cause, event);
        return;
    case CAUSE_CALL:
        event->kind = SCENARIO_CALL;
        event->as.call = cause_to_call(&cause->as.call, cause->host, writer->arena);
        return;
    case CAUSE_SET:
        write_set(writer, &cause->as.set, event);
        return;
    case CAUSE_EDIT:
        write_edit(cause, event);
        return;
    }
}

/* ---- the whole --------------------------------------------------------------------------------- */

#define OPTION_LINES_MAX 4

static void write_start(const struct cause_start *start, struct arena *arena, struct scenario *out)
{
    out->options = arena_take(arena, OPTION_LINES_MAX * sizeof *out->options);
    out->options[out->option_count++] =
        (struct scenario_option_line){.name = "mode", .value = "causes"};
    out->options[out->option_count++] = (struct scenario_option_line){
        .name = "ip_version", .value = start->ip_version == 6 ? "ipv6" : "ipv4"};
    if (start->hosts == 2) {
        out->options[out->option_count++] =
            (struct scenario_option_line){.name = "hosts", .value = "2"};
        out->options[out->option_count++] = (struct scenario_option_line){
            .name = "delay", .value = arena_format(arena, "%uus", (unsigned)start->delay_us)};
    }
    if (start->prologue != 0) {
        out->start = cause_prologue_name(start->prologue);
    }
}

const struct scenario *cause_to_scenario(const struct cause_list *list, struct arena *arena)
{
    struct cause_list normal = *list;
    normal.items = arena_take(arena, list->count * sizeof *normal.items);
    if (list->count > 0) {
        memcpy(normal.items, list->items, list->count * sizeof *normal.items);
    }
    cause_list_normalise(&normal);
    struct writer writer = {.list = &normal, .arena = arena};
    for (size_t i = 0; i < normal.count;) {
        const size_t count = batch_length(&normal, i);
        if (count > 1) {
            if (writer.has_waited && writer.waited_us == 0) {
                flush_wait(&writer);
            }
            write_batch(&writer, &normal.items[i], count);
        } else {
            write_one(&writer, &normal.items[i]);
        }
        i += count;
    }
    flush_wait(&writer);
    struct scenario *const out = arena_take(arena, sizeof *out);
    *out = (struct scenario){
        .path = "causes", .source = "", .events = writer.events, .event_count = writer.count};
    write_start(&normal.start, arena, out);
    return out;
}
