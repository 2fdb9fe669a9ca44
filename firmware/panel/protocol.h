/*
 * What panel and host say to each other beyond Firmata. README.md explains it; the host's parser is tested against
 * this very file, so every number of the protocol stands here and nowhere else in the firmware.
 *
 * A message is a Firmata sysex: F0, PANEL_SYSEX, its kind, its fields, a check, F7. Fields are little-endian in groups
 * of 7 bits; the number in parentheses is how many bytes a field has. The check (2) is CRC-16/XMODEM over kind and
 * fields, its lower 14 bits.
 */
#ifndef PROTOCOL_H
#define PROTOCOL_H

#define PANEL_PROTOCOL 1
#define PANEL_SYSEX 0x0F
#define PANEL_BAUD 57600

/* Host to panel. */
#define PANEL_BEAT 0x01      /* number(1) pattern(1) of each lamp: the recorder is well */
#define PANEL_ACK 0x02       /* epoch(2) seq(2): this event is taken, forget it */
#define PANEL_LAMP_TEST 0x03 /* each lamp in turn */

/* Panel to host. */
#define PANEL_STATE 0x41 /* answers a beat, and comes twice a second without one */
/* protocol(1) role(1) epoch(2) boots(2) cause(1) watchdogs(2) clock(4) beat(1) known(1) down(1) stuck(1) lit(1)
   waiting(1) lost(2) line_errors(1) */
#define PANEL_STATE_BYTES 22
#define PANEL_EVENT 0x42 /* the oldest event not yet acknowledged, again and again */
/* epoch(2) seq(2) button(1) kind(1) flags(1) duration_ms(4) age_ms(4) */
#define PANEL_EVENT_BYTES 15

#define PANEL_ROLE_CLERK 0
#define PANEL_ROLE_JUDGE 1
#define PANEL_ROLE_SECOND 2

#define PANEL_BUTTONS 4
#define PANEL_BUTTON_REC 0
#define PANEL_BUTTON_OFF 1
#define PANEL_BUTTON_STOP 2
#define PANEL_BUTTON_MARK 3

#define PANEL_KIND_PRESS 1
#define PANEL_KIND_RELEASE 2
#define PANEL_KIND_LONG 3

#define PANEL_FLAG_AWAY 1  /* the host was silent when it happened */
#define PANEL_FLAG_RESET 2 /* the panel was reset since: age and duration are at least so long */

#define PANEL_LAMPS 5
#define PANEL_LAMP_REC 0
#define PANEL_LAMP_OFF 1
#define PANEL_LAMP_FAULT 2
#define PANEL_LAMP_DISK 3
#define PANEL_LAMP_NET 4

/* How a lit lamp shows. */
#define PANEL_PATTERNS 4
#define PANEL_PATTERN_STEADY 0
#define PANEL_PATTERN_BLINKING 1 /* once a second */
#define PANEL_PATTERN_FLASHING 2 /* 2.5 times a second */
#define PANEL_PATTERN_WINKING 3  /* two short flashes every two seconds */

#define PANEL_CAUSE_POWER 1
#define PANEL_CAUSE_EXTERNAL 2
#define PANEL_CAUSE_BROWNOUT 4
#define PANEL_CAUSE_WATCHDOG 8

#define PANEL_SILENT_MS 2000 /* a host silent for so long is not known to record */
#define PANEL_STATE_MS 500
#define PANEL_RESEND_MS 100
#define PANEL_DEBOUNCE_MS 5
#define PANEL_LONG_MS 800
#define PANEL_STUCK_MS 30000
#define PANEL_LAMP_TEST_MS 300 /* for each lamp */
#define PANEL_EVENTS_PER_BUTTON 16 /* that wait; more are lost and counted */

#endif
