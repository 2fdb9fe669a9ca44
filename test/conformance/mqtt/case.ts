import type { Kind } from './region.ts'
import type { Scene } from './scene.ts'

/** One promise of a broker. What is seen is put into words, so that the table of differences is what was seen. */
export interface Case {
  what: string
  /** Of MQTT 3.1.1 (OASIS); empty for what is our own demand. */
  clause: string
  see: (scene: Scene) => Promise<string>
  /** What the standard, or the fleet, wants. */
  wanted: string
  /** Brokers that do otherwise, and what they do. */
  otherwise?: Partial<Record<Kind, string>>
}

export const TREE_OF_DEVICES = 'verbatim/v1/+/+/up/#'
