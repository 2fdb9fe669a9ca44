#include "clock.h"
#include <avr/interrupt.h>
#include <avr/io.h>
#include <stdint.h>
#include <util/atomic.h>

static volatile uint8_t due;

ISR(TIMER2_COMPA_vect) { due++; }

void clock_begin(void) {
  TCCR2A = _BV(WGM21);
  OCR2A = F_CPU / 128 / 1000 - 1;
  TIMSK2 = _BV(OCIE2A);
  TCCR2B = _BV(CS22) | _BV(CS20);
}

bool clock_is_due(void) { return due > 0; }

bool clock_take(void) {
  bool taken = false;
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
    if (due) {
      due--;
      taken = true;
    }
  }
  return taken;
}
