import type { Bench, PartResult } from './part.ts'

export const measurePress = async (_bench: Bench): Promise<PartResult> => ({ tables: [], figures: null })
