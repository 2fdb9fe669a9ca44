/** Asks all stores at once, and waits for none that hangs: one disk must never keep the other from being used (R12). */

/** A disk in order answers within milliseconds; a worn one within a second or two. */
export const STORE_ANSWER_MS = 5_000

export interface StoreAnswer<Store, Value> {
  store: Store
  value: Value
}

/**
 * What `ask` tells of each store, in the order of the stores. Those that fail, or are quiet for `quietMs`, are left out;
 * long work calls `alive` on its way. Never rejects. What hangs goes on hanging in its own thread.
 */
export const onEachStore = async <Store, Value>(
  stores: readonly Store[],
  ask: (store: Store, alive: () => void) => Promise<Value>,
  quietMs = STORE_ANSWER_MS,
): Promise<StoreAnswer<Store, Value>[]> => {
  const asked = stores.map((store) =>
    unlessQuiet(quietMs, (alive) => ask(store, alive)).then(
      (value) => [{ store, value }],
      () => [],
    ),
  )
  return (await Promise.all(asked)).flat()
}

/** Rejects when `work` has neither ended nor said that it is alive for `quietMs`. */
const unlessQuiet = <Value>(quietMs: number, work: (alive: () => void) => Promise<Value>): Promise<Value> =>
  new Promise((resolve, reject) => {
    const giveUp = () => reject(new Error(`no answer for ${quietMs} ms`))
    let timer = setTimeout(giveUp, quietMs)
    const alive = () => {
      clearTimeout(timer)
      timer = setTimeout(giveUp, quietMs)
    }
    work(alive)
      .then(resolve, reject)
      .finally(() => clearTimeout(timer))
  })
