/** Orders from afar: each is answered, done once, and never at the wrong time. Real signatures, a real file. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { DAY_MS } from '../../../controller/base/units.ts'
import { Orders, type OrdersOptions, type Outcome } from '../../../controller/recorder/fleet/orders.ts'
import { ORDER_OPS, type OrderOp, OrderResult } from '../../../controller/wire/fleet/order.ts'
import { Operator } from '../../builders/operator.ts'

const DEVICE = 'vb-aaaaaaaaaaaaaaaa'
const NOW = Date.parse('2026-11-28T09:00:00.000Z')

interface Here {
  folder: string
  operator: Operator
  orders: Orders
  isHearingOpen: boolean
  isClockRight: boolean | null
  aheadMs: number
  outcome: Partial<Record<OrderOp, Outcome>>
  /** Operations that were carried out, and machines that went away. */
  done: string[]
  answers: OrderResult[]
  judged: string[]
}

const test = suite<Here>('orders')

/** The program starts. */
const start = (here: Here, options: Partial<OrdersOptions> = {}): void => {
  const carryOut = Object.fromEntries(
    ORDER_OPS.map((op) => [
      op,
      async () => {
        here.done.push(op)
        return here.outcome[op] ?? { code: 'done', text: 'Done.', afterwards: () => here.done.push(`after ${op}`) }
      },
    ]),
  ) as unknown as OrdersOptions['carryOut']
  here.orders = new Orders({
    ...{ folder: here.folder, device: DEVICE, operatorKey: () => here.operator.key, log: pino({ enabled: false }) },
    ...{ isHearingOpen: () => here.isHearingOpen, isClockRight: () => here.isClockRight, carryOut },
    respond: (result) => here.answers.push(OrderResult.parse(result)),
    judged: ({ op, code }) => here.judged.push(`${op} ${code}`),
    utcMs: () => NOW + here.aheadMs,
    ...options,
  })
}

const heard = async (here: Here, op: OrderOp, id = `order-${op}`): Promise<OrderResult> => {
  await here.orders.heard(here.operator.order(id, op, NOW))
  return here.answers.at(-1)!
}

test.before.each((here) => {
  here.folder = mkdtempSync(join(tmpdir(), 'verbatim-orders-'))
  Object.assign(here, { operator: new Operator(DEVICE), isHearingOpen: false, isClockRight: true, aheadMs: 0 })
  Object.assign(here, { outcome: {}, done: [], answers: [], judged: [] })
  start(here)
})
test.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }))

test('each of the list is carried out, answered and told of', async (here) => {
  for (const op of ORDER_OPS) {
    const { id, ok, code } = await heard(here, op)
    assert.equal([id, ok, code], [`order-${op}`, true, 'done'])
  }
  assert.equal(
    here.done,
    ORDER_OPS.flatMap((op) => [op, `after ${op}`]),
    'what is done afterwards comes after the answer',
  )
  assert.is(here.judged.length, ORDER_OPS.length)
})

test('the same id is carried out once, over a start of the machine too, and answered each time', async (here) => {
  const first = await heard(here, 'reboot')
  const second = await heard(here, 'reboot')
  start(here)
  const third = await heard(here, 'reboot')
  assert.equal([second, third], [first, first])
  assert.equal(here.done, ['reboot', 'after reboot'])
  assert.equal(here.judged, ['reboot done'])
})

test('what was asked for is sent once, and not kept', async (here) => {
  here.outcome['send-logs'] = { code: 'done', text: 'The latest lines.', data: 'a line' }
  assert.is((await heard(here, 'send-logs')).data, 'a line')
  assert.is((await heard(here, 'send-logs')).data, undefined)
})

test('one that was under way when the program ended has failed; it is not begun again by surprise', async (here) => {
  here.outcome['self-test'] = { code: 'under-way', text: 'The recorder tests itself.' }
  assert.is((await heard(here, 'self-test')).code, 'under-way')
  start(here)
  const { code, fault, ok } = await heard(here, 'self-test')
  assert.equal([code, fault, ok], ['failed', 'INTERRUPTED', false])
  assert.equal(here.done, ['self-test'])
  assert.equal(here.judged, ['self-test under-way', 'self-test failed'])
})

test('the end of one that was under way is answered by its id', async (here) => {
  here.outcome['self-test'] = { code: 'under-way', text: 'The recorder tests itself.' }
  await heard(here, 'self-test')
  await here.orders.ended('order-self-test', { code: 'done', text: '12 tests passed.', data: 'pass clock' })
  const { id, code, data } = here.answers.at(-1)!
  assert.equal([id, code, data], ['order-self-test', 'done', 'pass clock'])
  assert.is((await heard(here, 'self-test')).code, 'done')
})

test('while a hearing is open only log lines are sent', async (here) => {
  here.isHearingOpen = true
  for (const op of ['identify', 'self-test', 'reboot'] as const) {
    const { code, fault, text } = await heard(here, op)
    assert.equal([code, fault], ['refused', 'HEARING_OPEN'])
    assert.match(text, 'refused while a hearing is open')
  }
  assert.equal(here.done, [])
  assert.is((await heard(here, 'send-logs')).code, 'done')
  here.isHearingOpen = false
  assert.is((await heard(here, 'reboot')).code, 'refused', 'the same order is not carried out later')
  assert.equal(here.done, ['send-logs', 'after send-logs'])
})

test('past its time, or before it, nothing is done; a wrong clock is allowed a day', async (here) => {
  here.aheadMs = 600_001
  assert.is((await heard(here, 'identify', 'too-late-1')).code, 'expired')
  here.isClockRight = false
  assert.is((await heard(here, 'identify', 'too-late-2')).code, 'done')
  here.aheadMs = DAY_MS + 600_001
  assert.is((await heard(here, 'identify', 'too-late-3')).code, 'expired')
  here.isClockRight = true
  here.aheadMs = -200_000
  const early = await heard(here, 'identify', 'too-early')
  assert.equal([early.code, early.fault], ['refused', 'NOT_YET'])
  assert.equal(here.done, ['identify', 'after identify'])
})

test('unsigned, another’s, unknown and malformed ones do nothing, and say nothing of the signed one of that id', async (here) => {
  const { orders, answers } = here
  await orders.heard(new Operator(DEVICE).order('order-reboot', 'reboot', NOW))
  assert.is(answers.at(-1)!.code, 'unsigned')
  await orders.heard(new Operator('vb-bbbbbbbbbbbbbbbb').order('order-other', 'reboot', NOW))
  assert.is(answers.length, 1, 'it is not answered in the name of this device')
  await orders.heard(Buffer.from('{"id":"order-nothing","op":"erase"}'))
  assert.is(answers.at(-1)!.code, 'unknown')
  await orders.heard(Buffer.from('{"id":"order-nothing","op":"reboot"}'))
  assert.is(answers.at(-1)!.code, 'malformed')
  for (const rubbish of ['', 'null', '{}', '[1]', '{"id":1}']) await orders.heard(Buffer.from(rubbish))
  assert.is(answers.length, 3)
  assert.equal(here.done, [])
  assert.is((await heard(here, 'reboot')).code, 'done')
})

test('one that throws has failed, and the next is judged', async (here) => {
  const carryOut = { identify: () => Promise.reject(new Error('no port')) } as unknown as OrdersOptions['carryOut']
  start(here, { carryOut: { ...carryOut, 'send-logs': async () => ({ code: 'done', text: '' }) } })
  const { code, text } = await heard(here, 'identify')
  assert.equal([code, text], ['failed', 'no port'])
  assert.is((await heard(here, 'send-logs')).code, 'done')
})

test('of hundreds the latest are remembered', async (here) => {
  for (let number = 0; number < 310; number++) await heard(here, 'identify', `order-number-${number}`)
  assert.is(here.done.length, 620)
  await heard(here, 'identify', 'order-number-309')
  assert.is(here.done.length, 620)
})

test.run()
