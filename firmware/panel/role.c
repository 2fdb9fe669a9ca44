#include "role.h"
#include "board.h"

static uint8_t found;

void role_begin(void) {
  uint8_t open = PIND;
  found = !(open & STRAP_JUDGE) ? PANEL_ROLE_JUDGE : !(open & STRAP_SECOND) ? PANEL_ROLE_SECOND : PANEL_ROLE_CLERK;
}

uint8_t role(void) { return found; }
