/** The thread of the store: takes jobs one after the other. */
import { parentPort, workerData } from 'node:worker_threads'
import { messageOf } from '../../base/error.ts'
import type { Answered, Asked } from './job.ts'
import { TablesWriter } from './tables-writer.ts'

const { path, maxPages } = workerData as { path: string; maxPages?: number }

const run = (): void => {
  const tables = new TablesWriter(path, maxPages)
  const answer = (answered: Answered): void => parentPort!.postMessage(answered)
  parentPort!.on('message', (asked: Asked) => {
    const { n } = asked
    try {
      if (asked.do === 'keep') answer({ n, is: 'done', done: tables.keep(asked) })
      if (asked.do === 'tidy') answer({ n, is: 'tidied', events: tables.tidy(asked) })
      if (asked.do === 'holdings') {
        const holdings = tables.holdings(asked.devices)
        answer({ n, is: 'done', done: { fresh: [], contradicting: [], unchained: [], skipped: [], holdings } })
      }
      if (asked.do === 'close') {
        tables.close()
        answer({ n, is: 'tidied', events: 0 })
        parentPort!.close()
      }
    } catch (fault) {
      answer({ n, is: 'failed', why: messageOf(fault) })
    }
  })
  answer({ n: 0, is: 'tidied', events: 0 })
}

try {
  run()
} catch (fault) {
  parentPort!.postMessage({ n: 0, is: 'failed', why: messageOf(fault) })
}
