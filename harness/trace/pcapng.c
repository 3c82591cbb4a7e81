/* pcapng (draft-ietf-opsawg-pcapng), little endian: a section header, one interface, one enhanced
 * packet block per packet. */
#include "trace/pcapng.h"

#include "trace/segment_text.h"

#include <assert.h>
#include <string.h>

enum block_type {
    BLOCK_INTERFACE = 1,
    BLOCK_ENHANCED_PACKET = 6,
    BLOCK_SECTION = 0x0a0d0d0a,
};

/* Option codes; those above 1 mean something in their own kind of block only. */
enum option_code {
    OPTION_END = 0,
    OPTION_COMMENT = 1,
    OPTION_PACKET_FLAGS = 2,
    OPTION_INTERFACE_NAME = 2,
    OPTION_APPLICATION = 4,
    OPTION_INTERFACE_RESOLUTION = 9,
};

#define BYTE_ORDER_MAGIC 0x1a2b3c4du
#define LINKTYPE_RAW     101 /* IPv4 or IPv6, told apart by the version field */
#define RESOLUTION_NANO  9   /* 10^-9 s */
#define FLAGS_INBOUND    1u
#define FLAGS_OUTBOUND   2u
#define OPTION_BYTES_MAX 65535

static void add_16(struct text *out, uint32_t number)
{
    const char bytes[2] = {(char)(number & 0xff), (char)(number >> 8 & 0xff)};
    text_add(out, bytes, sizeof bytes);
}

static void add_32(struct text *out, uint32_t number)
{
    add_16(out, number & 0xffff);
    add_16(out, number >> 16);
}

static void add_padded(struct text *out, const void *bytes, size_t count)
{
    static const char zeros[4] = {0};
    text_add(out, bytes, count);
    text_add(out, zeros, (4 - count % 4) % 4);
}

static void add_option(struct text *out, enum option_code code, const void *bytes, size_t count)
{
    const size_t taken = count > OPTION_BYTES_MAX ? OPTION_BYTES_MAX : count;
    add_16(out, code);
    add_16(out, (uint32_t)taken);
    add_padded(out, bytes, taken);
}

/* Blocks begin with their type and length and end with the length again; the length is filled in at
 * the end. */
static size_t begin_block(struct text *out, enum block_type type)
{
    const size_t start = out->length;
    add_32(out, type);
    add_32(out, 0);
    return start;
}

static void end_block(struct text *out, size_t start)
{
    add_32(out, OPTION_END);
    const size_t length = out->length + 4 - start;
    assert(length <= UINT32_MAX && length % 4 == 0);
    add_32(out, (uint32_t)length);
    memcpy(out->bytes + start + 4, out->bytes + out->length - 4, 4);
}

static void add_section(struct text *out)
{
    const size_t start = begin_block(out, BLOCK_SECTION);
    add_32(out, BYTE_ORDER_MAGIC);
    add_16(out, 1); /* version 1.0 */
    add_16(out, 0);
    add_32(out, UINT32_MAX); /* the section's length: not said */
    add_32(out, UINT32_MAX);
    add_option(out, OPTION_APPLICATION, "finwait", strlen("finwait"));
    end_block(out, start);
}

static void add_interface(struct text *out, const char *name)
{
    const uint8_t resolution = RESOLUTION_NANO;
    const size_t start = begin_block(out, BLOCK_INTERFACE);
    add_16(out, LINKTYPE_RAW);
    add_16(out, 0);
    add_32(out, 0); /* packets are whole */
    add_option(out, OPTION_INTERFACE_NAME, name, strlen(name));
    add_option(out, OPTION_INTERFACE_RESOLUTION, &resolution, 1);
    end_block(out, start);
}

/* The text of a line, counted from 1, without blanks around it. Empty when there is none. */
static size_t find_line(const char *source, size_t source_bytes, uint32_t line, const char **start)
{
    const char *at = source;
    const char *end = source + source_bytes;
    for (uint32_t i = 1; i < line && at != NULL; i++) {
        at = memchr(at, '\n', (size_t)(end - at));
        at = at == NULL ? NULL : at + 1;
    }
    if (at == NULL || line == 0) {
        return 0;
    }
    const char *newline = memchr(at, '\n', (size_t)(end - at));
    end = newline == NULL ? end : newline;
    while (at < end && (*at == ' ' || *at == '\t')) {
        at++;
    }
    while (end > at && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r')) {
        end--;
    }
    *start = at;
    return (size_t)(end - at);
}

static void write_comment(struct text *comment, const struct trace *trace,
                          const struct trace_record *record, const char *source,
                          size_t source_bytes)
{
    const char *line = NULL;
    const size_t count = source == NULL ? 0 : find_line(source, source_bytes, record->line, &line);
    text_clear(comment);
    text_string(comment, trace->script == NULL ? "" : trace->script);
    if (record->line > 0) {
        text_format(comment, ":%u", record->line);
    }
    text_string(comment, ": ");
    if (count > 0) {
        text_add(comment, line, count);
        return;
    }
    text_string(comment, record->as.packet.direction == TRACE_TO_SUT ? "< " : "> ");
    segment_text_of_packet(comment, trace, &record->as.packet);
}

static void add_packet(struct text *out, const struct trace *trace,
                       const struct trace_record *record, const struct text *comment)
{
    const struct trace_packet *packet = &record->as.packet;
    const uint64_t ns = (record->at.us - trace->start.us) * 1000;
    const size_t start = begin_block(out, BLOCK_ENHANCED_PACKET);
    add_32(out, 0); /* the interface */
    add_32(out, (uint32_t)(ns >> 32));
    add_32(out, (uint32_t)ns);
    add_32(out, (uint32_t)packet->count);
    add_32(out, (uint32_t)packet->count);
    add_padded(out, packet->bytes, packet->count);
    add_option(out, OPTION_COMMENT, comment->bytes, comment->length);
    add_16(out, OPTION_PACKET_FLAGS);
    add_16(out, 4);
    add_32(out, packet->direction == TRACE_TO_SUT ? FLAGS_INBOUND : FLAGS_OUTBOUND);
    end_block(out, start);
}

void pcapng_write(const struct trace *trace, const char *source, size_t source_bytes,
                  struct text *out)
{
    add_section(out);
    add_interface(out, trace->sut == NULL ? "stack" : trace->sut);
    pcapng_add(trace, source, source_bytes, out);
}

void pcapng_add(const struct trace *trace, const char *source, size_t source_bytes,
                struct text *out)
{
    struct text comment = TEXT_EMPTY;
    for (size_t i = 0; i < trace->record_count; i++) {
        const struct trace_record *record = &trace->records[i];
        if (record->kind == TRACE_PACKET && record->as.packet.bytes != NULL) {
            write_comment(&comment, trace, record, source, source_bytes);
            add_packet(out, trace, record, &comment);
        }
    }
    text_free(&comment);
}
