/* Buttons: debounced, and turned into events. */
#ifndef BUTTONS_H
#define BUTTONS_H

#include "events.h"

/* What an event says of its button is so: when it happens, and once more when a reset came between. */
void button_did(const struct event *event);

/* After a warm start a button that is still held goes on; it is not pressed again. */
void buttons_begin(bool warm);

void buttons_tick(void);

#endif
