/* Milliseconds, one by one. */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdbool.h>

void clock_begin(void);

/* Whether a millisecond is due; each is given once, also when the main loop is late. */
bool clock_take(void);
bool clock_is_due(void);

#endif
