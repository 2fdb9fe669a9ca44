/** What can be wrong with a journal, seen line by line. The list is closed; README.md explains each. */
export const FAULT_CODES = {
  malformed: 'the line is not UTF-8 JSON in the one form a line may have',
  version: 'the line is of another version of the format',
  field: 'a field is missing or of the wrong type',
  number: 'the line does not bear the number that follows the line before',
  chain: 'the line does not carry the hash of the line before',
  'too-long': 'the line is longer than any line may be',
  torn: 'the file ends in the middle of a line',
} as const

export type FaultCode = keyof typeof FAULT_CODES

/** Thrown by `parseLine`, and yielded as a value by the reader, which never throws. */
export class JournalFault extends Error {
  override readonly name = 'JournalFault'

  constructor(
    readonly code: FaultCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options)
  }
}
