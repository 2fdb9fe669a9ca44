/** Days may run faster than life. What is told outside always bears the time of the world. */
export interface SimulatedTime {
  /** What time it is in the simulated day. */
  at(realMs: number): number
  /** The time of the world at which the simulated day comes, or came, to that moment. */
  toUtc(simulatedMs: number): number
}

/** @param speed simulated milliseconds in one of the world */
export const simulatedTime = (realStartMs: number, simulatedStartMs: number, speed: number): SimulatedTime => ({
  at: (realMs) => simulatedStartMs + (realMs - realStartMs) * speed,
  toUtc: (simulatedMs) => Math.round(realStartMs + (simulatedMs - simulatedStartMs) / speed),
})
