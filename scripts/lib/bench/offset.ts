import type { Bench, PartResult } from './part.ts'

export const measureOffset = async (_bench: Bench): Promise<PartResult> => ({ tables: [], figures: null })
