/* W02: what is sent reads as IP and TCP, to the last bit of the header. */
#include "oracle/oracle_table.h"

/* The first octet of the option area that has no right to be there, or `count`. What follows the end
 * of the list must be zero (RFC 9293 3.1, MUST-69). */
static size_t first_misplaced_octet(const uint8_t *options, size_t count)
{
    enum { END = 0, NO_OPERATION = 1 };
    size_t at = 0;
    while (at < count && options[at] != END) {
        if (options[at] == NO_OPERATION) {
            at++;
            continue;
        }
        if (at + 1 >= count || options[at + 1] < 2 || options[at + 1] > count - at) {
            return at;
        }
        at += options[at + 1];
    }
    while (at < count && options[at] == 0) {
        at++;
    }
    return at;
}

/* What is wrong with an option area or a reserved bit; NULL: nothing. */
static const char *find_fault(const struct trace_packet *packet)
{
    const struct tcp_wire_layout *layout = &packet->layout;
    const uint8_t *options = packet->bytes + layout->options_offset;
    if (packet->segment.reserved != 0) {
        return "reserved bits are set";
    }
    if (layout->packet_bytes != packet->count) {
        return "the packet is longer than its IP header says";
    }
    if (first_misplaced_octet(options, layout->options_bytes) != layout->options_bytes) {
        return "the option area is malformed, or what follows its end is not zero";
    }
    if (tcp_segment_has(&packet->segment, TCP_FLAG_SYN) &&
        tcp_segment_has(&packet->segment, TCP_FLAG_RST | TCP_FLAG_FIN)) {
        return "SYN together with RST or FIN";
    }
    if (packet->segment.source.port == 0 || packet->segment.destination.port == 0) {
        return "port 0";
    }
    return NULL;
}

/* An IPv4 header has five words at least (RFC 791 3.1). */
static bool is_shorter_than_any(const struct trace_packet *packet)
{
    return (packet->bytes[0] & 15) < 5;
}

static void observe(void *state, struct oracle_watch *watch)
{
    (void)state;
    const struct trace_packet *packet = &watch->record->as.packet;
    switch (packet->wire) {
    case TCP_WIRE_OK: {
        const char *fault = find_fault(packet);
        if (!oracle_holds(watch, fault == NULL)) {
            oracle_fire(watch, "%s", fault);
        }
        break;
    }
    case TCP_WIRE_TRUNCATED:
    case TCP_WIRE_NOT_IP:
    case TCP_WIRE_BAD_DATA_OFFSET:
    case TCP_WIRE_BAD_OPTION:
        (void)oracle_holds(watch, false);
        oracle_fire(watch, "%s", tcp_wire_result_name(packet->wire));
        break;
    case TCP_WIRE_BAD_IP_HEADER:
        if (!oracle_holds(watch, !is_shorter_than_any(packet))) {
            oracle_fire(watch, "an IPv4 header of %u octets", (packet->bytes[0] & 15u) * 4);
        }
        break; /* else its checksum is wrong: W01's, as is the segment's */
    case TCP_WIRE_BAD_CHECKSUM:
    case TCP_WIRE_FRAGMENT: /* lawful, but not readable here */
    case TCP_WIRE_NOT_TCP:
    case TCP_WIRE_NOT_ICMP:
        break;
    }
}

const struct oracle oracle_header_well_formed = {
    .description =
        {
            .id = "W02",
            .name = "header-well-formed",
            .level = ORACLE_MUST,
            .reference = "RFC 9293 3.1, MUST-7, MUST-69",
            .statement = "Data offset, lengths and option area of every segment sent are well "
                         "formed; padding and reserved bits are zero.",
        },
    .sees = ORACLE_SEES_SENT_RAW,
    .observe = observe,
};
