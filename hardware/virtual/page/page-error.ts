/** Every refusal of the room's page has a code from this list. It is printed in README.md here; a test keeps the two equal. */
export const PAGE_ERRORS = {
  HOST_FOREIGN: [403, 'the request was meant for another host; the page answers to 127.0.0.1 and localhost alone'],
  ORIGIN_FOREIGN: [403, 'a page of another origin, or none, wants to switch something'],
  NOT_FOUND: [404, 'there is no such page'],
  METHOD_WRONG: [405, 'this page is asked in another way'],
  TYPE_WRONG: [415, 'an order is application/json'],
  BODY_TOO_LONG: [413, 'an order is longer than 4 KiB'],
  BODY_INVALID: [400, 'an order is not JSON, or not as the schema wants it'],
  SWITCH_UNKNOWN: [404, 'the room has no such switch'],
  POSITION_UNKNOWN: [400, 'the switch has no such position'],
  PANEL_UNKNOWN: [404, 'the room has no such panel'],
  TURN_FAILED: [500, 'the switch could not be turned; the text says why'],
  TOO_MANY: [503, 'too many pages look on already'],
} as const satisfies Record<string, readonly [status: number, what: string]>

export type PageErrorCode = keyof typeof PAGE_ERRORS

export class PageError extends Error {
  override readonly name = 'PageError'
  readonly status: number

  constructor(
    readonly code: PageErrorCode,
    message: string = PAGE_ERRORS[code][1],
  ) {
    super(message)
    this.status = PAGE_ERRORS[code][0]
  }
}
