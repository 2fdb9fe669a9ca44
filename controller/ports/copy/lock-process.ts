/**
 * PROCESS. Does one job of locking away, given as JSON, and prints the result as JSON. The recorder starts it at the
 * lowest priority and may kill it at any time.
 */
import { type LockJob, lockAway } from './lock-away.ts'

const job = JSON.parse(process.argv[2] ?? '') as LockJob
process.stdout.write(JSON.stringify(await lockAway(job)))
