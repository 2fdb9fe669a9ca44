/** Codes that were put into machines before they left: the first device that proves one is enrolled without a person. */
import { join } from 'node:path'
import { z } from 'zod'
import { hintOfCode, plainCode } from '../../base/code-proof.ts'
import { DurableJson } from '../../base/durable-json.ts'
import { VerbatimError } from '../../base/error.ts'
import { HINT_OF_CODE } from '../../wire/fleet/enrolment.ts'
import { CourtId } from '../../wire/fleet/name.ts'

const Content = z.array(z.object({ code: z.string(), court: CourtId }))
type Content = z.output<typeof Content>

const MOST = 20_000

export class ExpectedCodes {
  readonly #byHint = new Map<string, Content>()

  private constructor(
    private readonly file: DurableJson<Content>,
    private codes: Content,
  ) {
    this.#index()
  }

  /** Throws SETTINGS_DAMAGED, and what the file system throws. */
  static async open(home: string): Promise<ExpectedCodes> {
    const file = new DurableJson(join(home, 'expected-codes.json'), (data) => Content.parse(data))
    return new ExpectedCodes(file, (await file.read()) ?? [])
  }

  get count(): number {
    return this.codes.length
  }

  withHint(hint: string): Content {
    return [...(this.#byHint.get(hint) ?? [])]
  }

  /** Durable when it resolves. Throws ENROLMENT_REFUSED when one is none, or stands there twice. */
  async add(codes: Content): Promise<void> {
    const all = [...this.codes, ...codes.map(({ code, court }) => ({ code: plainCode(code), court }))]
    if (all.length > MOST)
      throw new VerbatimError('ENROLMENT_REFUSED', `no more than ${MOST} codes can be expected at once`)
    const wrong = all.find(({ code }) => !/^[0-9A-HJKMNP-TV-Z]{12}$/.test(code))
    if (wrong) throw new VerbatimError('ENROLMENT_REFUSED', `"${wrong.code}" is no code`)
    if (new Set(all.map(({ code }) => code)).size < all.length)
      throw new VerbatimError('ENROLMENT_REFUSED', 'a code stands there twice')
    await this.#save(all)
  }

  /** It counts no more. Of two devices with one code the first has used it. Throws ENROLMENT_REFUSED. */
  async use(code: string): Promise<void> {
    const left = this.codes.filter((one) => one.code !== plainCode(code))
    if (left.length === this.codes.length) throw new VerbatimError('ENROLMENT_REFUSED', 'this code was used already')
    await this.#save(left)
  }

  /** What is known changes at once, so that nobody uses a code while the disk is at it. */
  async #save(codes: Content): Promise<void> {
    this.codes = codes
    this.#index()
    await this.file.write(codes)
  }

  #index(): void {
    this.#byHint.clear()
    for (const one of this.codes) {
      const hint = hintOfCode(one.code, HINT_OF_CODE)
      this.#byHint.set(hint, [...(this.#byHint.get(hint) ?? []), one])
    }
  }
}
