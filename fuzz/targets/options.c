/* TCP options between octets and values.
 *
 * Input: octet 0 decides. Even: the rest are octets of options as they came, at most 40; they are
 * read, and what was understood is written and read again. Odd: the rest makes a value, which is
 * written and read. */
#include <string.h>

#include "finding.h"
#include "input.h"
#include "segment.h"
#include "target.h"
#include "wire/options.h"

static void write_and_read(const struct tcp_options *options)
{
    uint8_t bytes[TCP_OPTION_BYTES_MAX];
    const uint32_t count = tcp_wire_options_bytes(options);
    law(count % 4 == 0 && count <= sizeof bytes, "options", "they take whole words, at most ten");
    options_write(options, bytes);
    struct tcp_options again;
    law(options_read(bytes, count, &again) == TCP_WIRE_OK, "options",
        "what is written can be read");
    law(options_same(options, &again), "options", "reading gives what was written");
    uint8_t second[TCP_OPTION_BYTES_MAX];
    options_write(&again, second);
    law(memcmp(bytes, second, count) == 0, "options", "there is one way to write them");
}

/* A list that is cut between two octets is never read beyond the cut, and what was understood of the
 * shorter one is understood of the longer one too. */
static void read_cut(const uint8_t *bytes, uint32_t count, const struct tcp_options *whole)
{
    struct tcp_options part;
    for (uint32_t cut = 0; cut < count; cut++) {
        uint8_t memory
            [TCP_OPTION_BYTES_MAX]; /* whose end is the cut: a sanitizer sees a read behind it */
        uint8_t *const list = memory + sizeof memory - cut;
        memcpy(list, bytes, cut);
        (void)options_read(list, cut, &part);
        law(part.has_mss <= whole->has_mss && part.has_window_scale <= whole->has_window_scale &&
                part.sack_permitted <= whole->sack_permitted &&
                part.has_timestamps <= whole->has_timestamps &&
                part.sack_count <= whole->sack_count,
            "options", "more octets tell at least as much");
    }
}

int fuzz_one_input(const uint8_t *bytes, size_t count)
{
    struct input input = {bytes, count};
    struct tcp_options options;
    if (count == 0) {
        return 0;
    }
    if (input_u8(&input) & 1) {
        input_take_options(&input, &options);
        write_and_read(&options);
        return 0;
    }
    size_t taken = TCP_OPTION_BYTES_MAX;
    const uint8_t *list = input_take(&input, &taken);
    (void)options_read(list, (uint32_t)taken, &options);
    read_cut(list, (uint32_t)taken, &options);
    if (tcp_wire_options_bytes(&options) <= TCP_OPTION_BYTES_MAX) {
        write_and_read(&options); /* padding may make a dense list longer than 40 */
    }
    return 0;
}
