/** The console's server with its real page, over a fake hub; users `viewer`, `operator` and `administrator`. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { AuditLog } from '../../controller/ports/console/audit-log.ts'
import { startConsole } from '../../controller/ports/console/console-server.ts'
import { People } from '../../controller/ports/console/people.ts'
import { ROLES } from '../../controller/wire/console.ts'
import { buildPage } from '../../scripts/lib/build-page.mjs'
import type { FakeBackend } from './fake-backend.ts'

export const PASSWORD = 'a long enough one'

export interface FleetConsole {
  url: string
  people: People
  stop: () => Promise<void>
}

export const startFleetConsole = async (backend: FakeBackend): Promise<FleetConsole> => {
  const home = await mkdtemp(join(tmpdir(), 'verbatim-fleet-page-'))
  const pageFolder = join(home, 'page')
  await buildPage('fleet', pageFolder)
  const people = await People.open(home)
  for (const role of ROLES) await people.put(role, PASSWORD, role)
  const audit = await AuditLog.open(home)
  const place = { host: '127.0.0.1', port: 0, tls: null, pageFolder, prometheusToken: null }
  const { url, stop } = await startConsole({ ...place, backend, people, audit, log: pino({ enabled: false }) })
  return {
    ...{ url, people },
    stop: async () => {
      await stop()
      await rm(home, { recursive: true, force: true })
    },
  }
}
