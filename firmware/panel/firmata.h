/* Firmata 2.6, as much of it as johnny-five needs to read buttons and write lamps. */
#ifndef FIRMATA_H
#define FIRMATA_H

#include <stdint.h>

/* Says who it is, unasked, as Firmata wants after a reset. */
void firmata_begin(void);

/* Reports buttons that changed, if the host asked for it. */
void firmata_tick(void);

void firmata_heard(uint8_t byte);

#endif
