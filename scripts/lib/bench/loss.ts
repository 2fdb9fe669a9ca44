import type { Bench, PartResult } from './part.ts'

export const measureLoss = async (_bench: Bench): Promise<PartResult> => ({ tables: [], figures: null })
