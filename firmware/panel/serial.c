#include "serial.h"
#include "protocol.h"
#include <avr/interrupt.h>
#include <avr/io.h>
#include <util/atomic.h>

#define IN_BYTES 64   /* 11 ms of the line */
#define OUT_BYTES 256 /* so that its indices wrap by themselves */

static uint8_t in[IN_BYTES], out[OUT_BYTES];
static volatile uint8_t in_head, in_tail, out_head, out_tail, errors;

ISR(USART_RX_vect) {
  uint8_t status = UCSR0A, byte = UDR0, next = (in_head + 1) & (IN_BYTES - 1);
  bool is_full = next == in_tail, is_broken = status & _BV(FE0);
  if (is_broken || is_full || status & _BV(DOR0)) errors++;
  if (is_broken || is_full) return;
  in[in_head] = byte;
  in_head = next;
}

/* Only ever enabled with at least one byte queued. */
ISR(USART_UDRE_vect) {
  UDR0 = out[out_tail++];
  if (out_tail == out_head) UCSR0B &= ~_BV(UDRIE0);
}

void serial_begin(void) {
  UCSR0A = _BV(U2X0);
  UBRR0 = (F_CPU / 4 / PANEL_BAUD - 1) / 2;
  UCSR0C = _BV(UCSZ01) | _BV(UCSZ00);
  UCSR0B = _BV(RXEN0) | _BV(TXEN0) | _BV(RXCIE0);
}

bool serial_has_byte(void) { return in_tail != in_head; }

uint8_t serial_take(void) {
  uint8_t byte = in[in_tail];
  in_tail = (in_tail + 1) & (IN_BYTES - 1);
  return byte;
}

bool serial_has_room(uint8_t bytes) { return (uint8_t)(out_tail - out_head - 1) >= bytes; }

void serial_send(uint8_t byte) {
  if (!serial_has_room(1)) return;
  out[out_head] = byte;
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
    out_head++;
    UCSR0B |= _BV(UDRIE0);
  }
}

uint8_t serial_errors(void) { return errors & 0x7F; }
