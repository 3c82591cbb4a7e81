/* What goes over the wire about explicit congestion notification (RFC 3168), for one life: who asked,
 * which marks arrived, which echoes were answered. */
#ifndef FINWAIT_ORACLE_ECN_MODEL_H
#define FINWAIT_ORACLE_ECN_MODEL_H

#include <stdbool.h>

#include "tcp/seq.h"

enum ecn_echo { ECN_ECHO_OFF, ECN_ECHO_ON, ECN_ECHO_UNKNOWN };

struct ecn_model {
    /* SYNs that the system under test sent. */
    bool sent_setup, sent_plain;
    bool is_uncertain; /* some of them may be another life's, with the same numbers */

    enum ecn_echo echo; /* have its ACKs to carry ECE? */

    /* Its answers to echoes. */
    bool is_unsure;   /* something may have made the window smaller, or not */
    bool is_reduced;  /* the window was, for what was sent before CWR */
    bool cwr_is_due;  /* the next new text has to carry it */
    bool cwr_may_be;  /* something came by since the last CWR that may be the reason for one */
    tcp_seqno cwr_at; /* where the last one stood, unless one is due */
};

#endif
