/* The same firmware is the clerk's panel, a second one, or the judge's lamp: straps on the board say which. */
#ifndef ROLE_H
#define ROLE_H

#include <stdint.h>

void role_begin(void);
uint8_t role(void);

#endif
