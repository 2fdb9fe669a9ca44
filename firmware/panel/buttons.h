/* Buttons: debounced, and turned into events. */
#ifndef BUTTONS_H
#define BUTTONS_H

#include <stdbool.h>

/* After a warm start a button that is still held goes on; it is not pressed again. */
void buttons_begin(bool warm);

void buttons_tick(void);

#endif
