/* Where long packets are cut, and how endpoints are written. */
#include "trace/ladder_words.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <string.h>

size_t ladder_columns(const char *string, size_t length)
{
    size_t columns = 0;
    for (size_t i = 0; i < length; i++) {
        columns += ((unsigned char)string[i] & 0xc0) != 0x80;
    }
    return columns;
}

/* How many octets of `string` fit into `columns`, cut where it reads best: before an option list
 * that does not fit as a whole, at a comma within one that begins the line, elsewhere at a space. */
static size_t fitting(const char *string, size_t columns)
{
    const size_t length = strlen(string);
    if (ladder_columns(string, length) <= columns) {
        return length;
    }
    bool is_in_list = false;
    size_t used = 0;
    size_t cut = 0;
    size_t end = 0;
    for (; end < length; end++) {
        used += ladder_columns(string + end, 1);
        if (used > columns) {
            break;
        }
        is_in_list = string[end] == '<' || (is_in_list && string[end] != '>');
        if (string[end] == ',' || (string[end] == ' ' && !is_in_list)) {
            cut = end + 1;
        }
        if (string[end] == '<' && end > 0 &&
            ladder_columns(string + end, length - end) > columns - used + 1) {
            return end;
        }
    }
    if (end < length && string[end] == ' ' && !is_in_list) {
        return end;
    }
    return cut > 0 ? cut : end;
}

static const char *skip_spaces(const char *string)
{
    return string + strspn(string, " ");
}

size_t ladder_take_piece(const char **rest, size_t columns, const char **piece)
{
    *piece = *rest;
    size_t length = fitting(*rest, columns);
    *rest = skip_spaces(*rest + length);
    while (length > 0 && (*piece)[length - 1] == ' ') {
        length--;
    }
    return length;
}

static void add_address(struct text *out, const struct tcp_address *address)
{
    char words[INET6_ADDRSTRLEN] = "";
    (void)inet_ntop(address->version == 6 ? AF_INET6 : AF_INET, address->bytes, words,
                    sizeof words);
    text_string(out, words);
}

void ladder_endpoint(struct text *out, const struct tcp_endpoint *endpoint)
{
    const bool is_6 = endpoint->address.version == 6;
    text_string(out, is_6 ? "[" : "");
    add_address(out, &endpoint->address);
    text_format(out, "%s:%u", is_6 ? "]" : "", endpoint->port);
}
