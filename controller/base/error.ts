/**
 * Every failure Verbatim reports has a code from this list, so that a person can look it up and a program can act on it.
 * The list is printed in `controller/base/README.md`; a test keeps the two equal.
 */
export const ERROR_CODES = {
  CONFIG_UNREADABLE: 'the configuration file cannot be read or is not JSON',
  CONFIG_INVALID: 'the configuration breaks its schema; every mistake is listed with its path',
  USAGE: 'the command line is wrong',
  RECORDER_UNREACHABLE: 'no recorder answers on its socket',
  RECORDER_RUNNING: 'another recorder already runs with this runtime directory',
  FRAME_INVALID: 'a frame on a socket is not JSON, too long, or breaks its schema',
  BOX_INVALID: 'an MP4 box has an impossible length or is nested wrongly',
  SAMPLE_INVALID: 'the stream of samples from a pipeline is malformed',
  CODEC_UNSUPPORTED: 'the source delivers a codec that cannot be recorded',
  JOURNAL_EXISTS: 'a new hearing would be written over the journal of another',
  JOURNAL_INVALID: 'a journal is damaged, or not closed where it must be',
  JOURNAL_MISSING: 'the folder holds no journal, so it is no hearing',
  SETTINGS_DAMAGED: 'a settings file and its predecessor are both unreadable',
  IDENTITY_UNAVAILABLE: 'the token that holds the key of the device does not answer',
  STORE_UNUSABLE: 'a store folder cannot be written',
  REFUSED: 'the recorder refuses the press, and says why',
  SEALED_UNREADABLE: 'what is sealed cannot be opened with this key, or is not what was recorded',
  PIPELINE_FAILED: 'GStreamer could not build or run the pipeline of a source',
  NO_ANSWER: 'a server on the network cannot be reached, or does not answer in time',
  ANSWER_INVALID: 'what a server answers is too long, breaks its schema, or is no answer to the question',
  RECEIPT_INVALID: 'a receipt is for another place, or its signature is wrong',
  WITNESS_CHANGED: 'a receipt is signed with another key than that of the witness known here',
  WITNESS_REFUSED: 'the witness refuses a place, and says why',
  RECEIPT_UNKEPT: 'no store took a receipt',
  STAMP_INVALID: 'a time stamp is for another head or another request',
  BOARD_PROFILE_INVALID: 'the board profile cannot be read, is not JSON or breaks its schema',
  BOARD_CHIP_UNKNOWN: 'the kernel has no GPIO chip, or not exactly one, with the label that the board profile names',
  BOARD_LINE_UNUSABLE: 'a line of the board is not on its chip, is used by somebody else, or may not be used',
  BOARD_LOST: 'the board does not answer',
  UPS_REFUSED: 'the UPS server knows no such UPS, or hears nothing from it, and says so',
  STAMP_REFUSED: 'the time-stamping authority refuses a request, and says why',
  MESSAGE_INVALID: 'a message of the fleet breaks its schema, is too long, or came on a topic that is none of ours',
  SIGNATURE_INVALID: 'an order, a configuration or a docket is not signed by the operator of the fleet',
  ENROLMENT_REFUSED: 'the hub does not take a device into the fleet, or what answers does not know the code',
  CERTIFICATE_INVALID: 'a certificate cannot be read, is not for this key, or is not from the authority',
  OUTBOX_DAMAGED: 'events that wait for the hub cannot be read any more',
  OUTBOX_FULL: 'no more events fit before the hub has taken some',
  EVENTS_UNKEPT: 'the hub could not keep an event durably, and has not acknowledged it',
  NOT_PERMITTED: 'whoever is logged in may not do this',
  LOGIN_FAILED: 'the name is not known, or the password is wrong, or it was tried too often',
  NOT_FOUND: 'there is no such room, alarm, user or address',
  HUB_RUNNING: 'another hub already runs with this home',
  BROKER_UNTOLD: 'an outside broker could not be told who may connect, and still goes by what it was told before',
  TOO_OFTEN: 'one place asks too often, or one person has more open than is allowed: wait, or close some',
  PASSWORD_WRONG: 'a password is changed only by whoever knows the present one',
  ADDRESS_IN_USE: 'another program listens already at this address and port',
  ADDRESS_UNUSABLE: 'the machine does not have this address, or the program may not listen at this port',
} as const

export type ErrorCode = keyof typeof ERROR_CODES

/** An error with a code of {@link ERROR_CODES}; `cause` keeps what lies beneath it. */
export class VerbatimError extends Error {
  override readonly name = 'VerbatimError'

  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options)
  }
}

/** The message of anything thrown. */
export const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown))

/** The `code` that Node puts on a failed system call (`ENOSPC`, `EROFS`), or the error's own, or `UNKNOWN`. */
export const codeOf = (thrown: unknown): string =>
  thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : 'UNKNOWN'
