/* The words of the language that stand for numbers of calls, shared by both directions. */
#ifndef FINWAIT_CAUSES_WORDS_H
#define FINWAIT_CAUSES_WORDS_H

#include "causes/cause.h"

struct cause_word {
    const char *word;
    uint32_t value;
};

#define CAUSE_SEND_WORDS     2
#define CAUSE_MESSAGE_WORDS  5
#define CAUSE_SHUTDOWN_WORDS 3
extern const struct cause_word cause_send_words[CAUSE_SEND_WORDS];
extern const struct cause_word cause_message_words[CAUSE_MESSAGE_WORDS];
extern const struct cause_word cause_shutdown_words[CAUSE_SHUTDOWN_WORDS]; /* by value */

/* "SO_LINGER" of enum tcp_socket_option, and back; false: no such option. */
const char *cause_option_word(uint8_t option);
bool cause_option_of(const char *word, uint8_t *out);

/* The value of TCP_CONGESTION that a controller's name stands for; -1, which no controller has: unknown. */
int64_t cause_congestion_value(const char *name, size_t length);

/* The function's name: "tcp.send", "recv" for a read with flags. */
const char *cause_call_word(const struct cause_call *call);
/* The kind that a function's name stands for; tcp.open is OPEN_ACTIVE. False: none. */
bool cause_call_of(const char *word, uint8_t *out);

#endif
