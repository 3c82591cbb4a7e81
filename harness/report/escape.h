/* Any bytes as a part of JSON, XML, a GitHub annotation or a line for people. What is no UTF-8, and control characters
 * where a format has no place for them, show as \xNN: still readable, and the report stays valid. */
#ifndef FINWAIT_REPORT_ESCAPE_H
#define FINWAIT_REPORT_ESCAPE_H

#include "base/text.h"

/* Octets of the character at `at`; 0 when it is no UTF-8 (RFC 3629). A terminating zero is 0, too. */
size_t utf8_length(const char *at);

/* A string in its quotation marks (RFC 8259). */
void escape_json(struct text *out, const char *words);

/* Within double quotes or between tags (XML 1.0). In attributes newlines become references, since a
 * reader would make spaces of them. */
void escape_xml_attribute(struct text *out, const char *words);
void escape_xml_text(struct text *out, const char *words);

/* As YAML in double quotes. */
void escape_yaml(struct text *out, const char *words);

/* The message of a GitHub annotation, one line; a property also hides ':' and ','. */
void escape_github_message(struct text *out, const char *words);
void escape_github_property(struct text *out, const char *words);

/* Within a line: what would end it, or do something to a terminal, shows as \xNN. */
void escape_line(struct text *out, const char *words);

#endif
