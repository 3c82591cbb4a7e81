/* L05: how long whoever runs a host lets it go on at one instant, and what is reported when it never ends. */
#ifndef FINWAIT_ORACLE_DEADLINES_H
#define FINWAIT_ORACLE_DEADLINES_H

#define DEADLINES_TICKS_MAX 1000 /* in a row at one time */
#define DEADLINES_BURST_MAX                                                                        \
    20000 /* packets, and calls gone on with, of one drain: more is a fault */

#define DEADLINES_STUCK   "a deadline stays where it is, tick after tick"
#define DEADLINES_ENDLESS "what is owed comes to no end"

#endif
