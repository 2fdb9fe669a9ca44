/*
 * Which pin is what, on an Arduino Nano or Uno (ATmega328P, 16 MHz).
 *
 *   D2 REC   D3 OFF RECORD   D4 STOP   D5 MARK     buttons to ground; pull-ups are inside
 *   D6 judge's lamp   D7 second panel              straps to ground; both open: the clerk's panel
 *   D8 REC   D9 OFF RECORD   D10 FAULT   D11 DISK   D12 NET   lamps, lit by high
 *   D13 on the board: the host is heard
 */
#ifndef BOARD_H
#define BOARD_H

#include <avr/io.h>
#include "protocol.h"

#define BUTTON_PIN 2 /* the first of PANEL_BUTTONS in a row, on port D */
#define BUTTON_MASK (((1 << PANEL_BUTTONS) - 1) << BUTTON_PIN)
#define STRAP_JUDGE _BV(6)
#define STRAP_SECOND _BV(7)
#define SERIAL_OUT _BV(1)

#define LAMP_PIN 8 /* the first of PANEL_LAMPS in a row, from bit 0 of port B */
#define LAMP_MASK ((1 << PANEL_LAMPS) - 1)
#define LINK_LAMP _BV(5)

#define PINS 20

#endif
