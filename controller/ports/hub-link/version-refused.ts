import { VerbatimError } from '../../base/error.ts'

/** The broker speaks another version of MQTT, as far as can be told. */
export class VersionRefused extends VerbatimError {
  constructor(why: string) {
    super('NO_ANSWER', why)
  }
}
