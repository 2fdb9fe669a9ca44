/* Whether a healthy recorder is at the other end: it is when its beats come. */
#ifndef HOST_H
#define HOST_H

#include <stdbool.h>
#include <stdint.h>

void host_tick(void);
void host_beat(uint8_t number);

bool host_is_known(void);
uint8_t host_last_beat(void);

#endif
