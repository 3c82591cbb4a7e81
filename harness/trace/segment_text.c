/* Segment to script notation. Options are read from the packet's own octets where they are at hand,
 * because their order and padding are part of what a script compares. */
#include "trace/segment_text.h"

#include "tcp/seq.h"
#include "trace/icmp_names.h"

#include <inttypes.h>

/* Option kinds of the IANA registry that the notation has names for. */
enum option_kind {
    KIND_EOL = 0,
    KIND_NOP = 1,
    KIND_MSS = 2,
    KIND_WINDOW_SCALE = 3,
    KIND_SACK_PERMITTED = 4,
    KIND_SACK = 5,
    KIND_TIMESTAMPS = 8,
    KIND_MD5 = 19,
    KIND_FAST_OPEN = 34,
};

static uint16_t read_16(const uint8_t *bytes)
{
    return (uint16_t)((uint32_t)bytes[0] << 8 | bytes[1]);
}

static uint32_t read_32(const uint8_t *bytes)
{
    return (uint32_t)read_16(bytes) << 16 | read_16(bytes + 2);
}

/* In the order in which the printer of scripts has them. */
static void add_flags(struct text *out, uint16_t flags)
{
    static const struct {
        uint16_t bit;
        char letter;
    } letters[] = {
        {TCP_FLAG_FIN, 'F'}, {TCP_FLAG_SYN, 'S'}, {TCP_FLAG_RST, 'R'},
        {TCP_FLAG_PSH, 'P'}, {TCP_FLAG_ECE, 'E'}, {TCP_FLAG_CWR, 'W'},
        {TCP_FLAG_AE, 'A'},  {TCP_FLAG_URG, 'U'}, {TCP_FLAG_ACK, '.'},
    };
    const size_t start = out->length;
    for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++) {
        if (flags & letters[i].bit) {
            text_add(out, &letters[i].letter, 1);
        }
    }
    if (out->length == start) {
        text_string(out, "-");
    }
}

static void add_number(struct text *out, tcp_seqno number, bool knows_zero, tcp_seqno zero)
{
    if (knows_zero) {
        text_format(out, "%" PRIu32, number.raw - zero.raw);
    } else {
        text_format(out, "%" PRIu32 "!", number.raw);
    }
}

/* A SACK block counts in the receiver's numbers, as the ACK field does. */
static void add_sack_block(struct text *out, const struct segment_numbers *numbers, tcp_seqno left,
                           tcp_seqno right)
{
    text_string(out, " ");
    add_number(out, left, numbers->knows_receiver, numbers->receiver_zero);
    text_string(out, ":");
    add_number(out, right, numbers->knows_receiver, numbers->receiver_zero);
}

static void add_hex(struct text *out, const uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        text_format(out, "%02x", bytes[i]);
    }
}

static void add_unknown_option(struct text *out, const uint8_t *option, size_t length)
{
    text_format(out, "%u", option[0]);
    if (length > 2) {
        text_string(out, " ");
        add_hex(out, option + 2, length - 2);
    }
}

/* One option of `length` octets, its kind and length octets included. */
static void add_option(struct text *out, const struct segment_numbers *numbers,
                       const uint8_t *option, size_t length)
{
    const uint8_t *value = option + 2;
    if (option[0] == KIND_MSS && length == 4) {
        text_format(out, "mss %u", read_16(value));
    } else if (option[0] == KIND_WINDOW_SCALE && length == 3) {
        text_format(out, "wscale %u", value[0]);
    } else if (option[0] == KIND_SACK_PERMITTED && length == 2) {
        text_string(out, "sackOK");
    } else if (option[0] == KIND_SACK && length > 2 && (length - 2) % 8 == 0) {
        text_string(out, "sack");
        for (size_t i = 0; i < length - 2; i += 8) {
            add_sack_block(out, numbers, (tcp_seqno){read_32(value + i)},
                           (tcp_seqno){read_32(value + i + 4)});
        }
    } else if (option[0] == KIND_TIMESTAMPS && length == 10) {
        text_format(out, "TS val %" PRIu32 " ecr %" PRIu32, read_32(value), read_32(value + 4));
    } else if (option[0] == KIND_FAST_OPEN) {
        text_string(out, length > 2 ? "FO " : "FO");
        add_hex(out, value, length - 2);
    } else if (option[0] == KIND_MD5 && length == 18) {
        text_string(out, "md5 ");
        add_hex(out, value, length - 2);
    } else {
        add_unknown_option(out, option, length);
    }
}

static void add_raw_options(struct text *out, const struct segment_numbers *numbers,
                            const uint8_t *bytes, size_t count)
{
    for (size_t at = 0; at < count;) {
        text_string(out, at == 0 ? "" : ",");
        if (bytes[at] == KIND_EOL || bytes[at] == KIND_NOP) {
            text_string(out, bytes[at] == KIND_EOL ? "eol" : "nop");
            at++;
            continue;
        }
        const size_t length = at + 1 < count ? bytes[at + 1] : 0;
        if (length < 2 || length > count - at) {
            text_string(out, "broken ");
            add_hex(out, bytes + at, count - at);
            return;
        }
        add_option(out, numbers, bytes + at, length);
        at += length;
    }
}

static void add_separator(struct text *out, size_t start)
{
    if (out->length > start) {
        text_string(out, ",");
    }
}

static void add_decoded_options(struct text *out, const struct segment_numbers *numbers,
                                const struct tcp_options *options)
{
    const size_t start = out->length;
    if (options->has_mss) {
        text_format(out, "mss %u", options->mss);
    }
    if (options->sack_permitted) {
        add_separator(out, start);
        text_string(out, "sackOK");
    }
    if (options->has_timestamps) {
        add_separator(out, start);
        text_format(out, "TS val %" PRIu32 " ecr %" PRIu32, options->timestamp_value,
                    options->timestamp_echo);
    }
    if (options->has_window_scale) {
        add_separator(out, start);
        text_format(out, "wscale %u", options->window_scale);
    }
    if (options->sack_count > 0) {
        add_separator(out, start);
        text_string(out, "sack");
        for (size_t i = 0; i < options->sack_count; i++) {
            add_sack_block(out, numbers, options->sack[i].left, options->sack[i].right);
        }
    }
}

static void add_options(struct text *out, const struct tcp_segment *segment,
                        const struct segment_numbers *numbers, const uint8_t *raw_options,
                        size_t raw_count)
{
    const size_t start = out->length;
    text_string(out, " <");
    const size_t inside = out->length;
    if (raw_options != NULL) {
        add_raw_options(out, numbers, raw_options, raw_count);
    } else {
        add_decoded_options(out, numbers, &segment->options);
    }
    if (out->length == inside) {
        out->length = start;
        out->bytes[start] = '\0';
        return;
    }
    text_string(out, ">");
}

void segment_text(struct text *out, const struct tcp_segment *segment,
                  const struct segment_numbers *numbers, const uint8_t *raw_options,
                  size_t raw_count)
{
    add_flags(out, segment->flags);
    text_string(out, " ");
    const tcp_seqno end = {segment->seq.raw + segment->payload_bytes};
    add_number(out, segment->seq, numbers->knows_sender, numbers->sender_zero);
    text_string(out, ":");
    add_number(out, end, numbers->knows_sender, numbers->sender_zero);
    text_format(out, "(%" PRIu32 ")", segment->payload_bytes);
    if (tcp_segment_has(segment, TCP_FLAG_ACK)) {
        text_string(out, " ack ");
        add_number(out, segment->ack, numbers->knows_receiver, numbers->receiver_zero);
    }
    if (segment->window != 0 || !tcp_segment_has(segment, TCP_FLAG_RST)) {
        text_format(out, " win %u", segment->window);
    }
    if (tcp_segment_has(segment, TCP_FLAG_URG)) {
        text_format(out, " urg %u", segment->urgent);
    }
    add_options(out, segment, numbers, raw_options, raw_count);
}

static void add_ip_info(struct text *out, const struct tcp_segment *segment)
{
    static const char *const ecn[] = {"", "ect1", "ect0", "ce"};
    if (segment->traffic_class >> 2 != 0) {
        text_format(out, "[tos 0x%02x] ", segment->traffic_class);
    } else if (segment->traffic_class != 0) {
        text_format(out, "[%s] ", ecn[segment->traffic_class & 3]);
    }
}

static struct segment_numbers numbers_of(const struct trace *trace,
                                         const struct trace_packet *packet)
{
    if (packet->incarnation >= trace->incarnation_count) {
        return (struct segment_numbers){0};
    }
    const struct trace_incarnation *life = &trace->incarnations[packet->incarnation];
    const tcp_seqno local = tcp_seq_sub(life->local_isn, life->local_number);
    const tcp_seqno remote = tcp_seq_sub(life->remote_isn, life->remote_number);
    if (packet->direction == TRACE_FROM_SUT) {
        return (struct segment_numbers){life->has_local_isn, life->has_remote_isn, local, remote};
    }
    return (struct segment_numbers){life->has_remote_isn, life->has_local_isn, remote, local};
}

#define MTU_EXTRA_IPV6 20

static void add_icmp_kind(struct text *out, const struct tcp_icmp *icmp)
{
    const struct icmp_kind *const kind =
        icmp_kind_numbered(icmp->source.version, icmp->type, icmp->code);
    if (kind == NULL) {
        text_format(out, "icmp %u %u", icmp->type, icmp->code);
        return;
    }
    text_format(out, "icmp %s", kind->type);
    if (kind->code != NULL) {
        text_format(out, " %s", kind->code);
    }
}

void icmp_text(struct text *out, const struct tcp_icmp *icmp, const struct segment_numbers *numbers)
{
    const uint32_t headers = icmp->quoted_header_bytes + TCP_WIRE_TCP_HEADER_BYTES;
    const uint32_t text =
        icmp->quoted_packet_bytes > headers ? icmp->quoted_packet_bytes - headers : 0;
    const uint32_t extra = icmp->source.version == 6 ? MTU_EXTRA_IPV6 : 0;
    add_icmp_kind(out, icmp);
    if (icmp->mtu != 0) {
        text_format(out, " mtu %" PRIu32, icmp->mtu > extra ? icmp->mtu - extra : icmp->mtu);
    }
    text_string(out, " [");
    add_number(out, icmp->quoted_seq, numbers->knows_receiver, numbers->receiver_zero);
    text_string(out, ":");
    add_number(out, tcp_seq_add(icmp->quoted_seq, text), numbers->knows_receiver,
               numbers->receiver_zero);
    text_format(out, "(%" PRIu32 ")]", text);
}

void segment_text_of_packet(struct text *out, const struct trace *trace,
                            const struct trace_packet *packet)
{
    segment_text_with_ports(out, trace, packet, false);
}

void segment_text_with_ports(struct text *out, const struct trace *trace,
                             const struct trace_packet *packet, bool says_ports)
{
    if (packet->is_icmp) {
        const struct segment_numbers numbers = numbers_of(trace, packet);
        icmp_text(out, &packet->icmp, &numbers);
        return;
    }
    if (packet->wire != TCP_WIRE_OK && packet->wire != TCP_WIRE_BAD_CHECKSUM &&
        packet->wire != TCP_WIRE_BAD_OPTION) {
        text_format(out, "%zu octets (%s)", packet->count, tcp_wire_result_name(packet->wire));
        return;
    }
    const struct segment_numbers numbers = numbers_of(trace, packet);
    add_ip_info(out, &packet->segment);
    if (says_ports) {
        text_format(out, "%u > %u ", packet->segment.source.port, packet->segment.destination.port);
    }
    const uint8_t *options =
        packet->bytes == NULL ? NULL : packet->bytes + packet->layout.options_offset;
    segment_text(out, &packet->segment, &numbers, options, packet->layout.options_bytes);
    if (packet->wire != TCP_WIRE_OK) {
        text_format(out, " (%s)", tcp_wire_result_name(packet->wire));
    }
}
