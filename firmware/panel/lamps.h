/* Lamps: what the host wants while it is heard; what the panel knows by itself when it is not. */
#ifndef LAMPS_H
#define LAMPS_H

#include <stdbool.h>
#include <stdint.h>

void lamps_tick(void);

void lamp_light(uint8_t lamp, bool is_lit);
void lamp_pattern(uint8_t lamp, uint8_t pattern);
void lamps_test(void);
void lamps_forget(void);

/* As the host wants them; bit for bit a lamp. */
uint8_t lamps_lit(void);

#endif
