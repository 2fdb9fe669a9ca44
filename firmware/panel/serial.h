/* The serial line: interrupts fill and empty two queues, nothing ever waits. */
#ifndef SERIAL_H
#define SERIAL_H

#include <stdbool.h>
#include <stdint.h>

void serial_begin(void);

bool serial_has_byte(void);
uint8_t serial_take(void);

/* Whether a message of so many bytes fits. Ask first: half a message would spoil the next one too. */
bool serial_has_room(uint8_t bytes);
void serial_send(uint8_t byte);

/* Bytes broken or lost on their way in; wraps at 128. */
uint8_t serial_errors(void);

#endif
