/* The panel's own messages: protocol.h in action. */
#ifndef MESSAGES_H
#define MESSAGES_H

#include <stdint.h>

void messages_tick(void);

/* A panel message from the host, without F0, PANEL_SYSEX and F7. */
void message_heard(const uint8_t *bytes, uint8_t count);

#endif
