import type { Case } from './case.ts'
import { CONNECTION_CASES } from './connection-cases.ts'
import { MESSAGE_CASES } from './message-cases.ts'
import { RIGHTS_CASES } from './rights-cases.ts'

export const CASES: Case[] = [...CONNECTION_CASES, ...MESSAGE_CASES, ...RIGHTS_CASES]
