import { once } from 'node:events'
import { VerbatimError } from '../base/error.ts'
import { logger } from '../base/log.ts'
import { startWitness } from '../ports/witness-book/witness-server.ts'
import { type Command, EXIT } from './command.ts'
import { readWords } from './options.ts'

/** `verbatim witness` */
export const witnessCommand: Command = {
  name: 'witness',
  does: 'be the witness of recorders, where there is no hub',
  help: `verbatim witness --port N --home DIR [--host ADDRESS]

Is shown the signed places of journals and gives receipts for them, until SIGINT (Ctrl-C) or SIGTERM. It belongs on a
machine that whoever has the recorder does not have. Its key is made at the first start.

  --port N        where it listens; 0 takes a free port
  --home DIR      its key, its book of what it was shown, and what contradicted it
  --host ADDRESS  the address it listens on (default 127.0.0.1: this machine alone)

The first line on standard output is JSON: {"url", "key"}. The url is what a recorder's configuration has as witness.url,
the key what it may have as witness.trust. GET /receipts/DEVICE-KEY/HEARING lists every receipt of a hearing.

Exit codes: 0 ended by a signal; 1 it cannot listen or write there; 64 wrong command line.`,
  run: async (words, { print }) => {
    const { values } = readWords(words, {
      port: { type: 'string' },
      home: { type: 'string' },
      host: { type: 'string', default: '127.0.0.1' },
    })
    if (values.home === undefined) throw new VerbatimError('USAGE', '--home DIR is missing.')
    const witness = await startWitness({
      home: values.home,
      port: portIn(values.port),
      host: values.host,
      log: logger('witness'),
    })
    print(JSON.stringify({ url: witness.url, key: witness.key }))
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
    await witness.stop()
    return EXIT.well
  },
}

const portIn = (text: string | undefined): number => {
  if (text === undefined) throw new VerbatimError('USAGE', '--port N is missing.')
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text)
  throw new VerbatimError('USAGE', `--port wants a number from 0 to 65535, not "${text}".`)
}
