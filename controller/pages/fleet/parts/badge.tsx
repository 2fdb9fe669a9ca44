/** One word on how something is: never by colour alone, but by a sign and a border too. */
export type Tone = 'good' | 'watch' | 'degraded' | 'failed' | 'quiet'

const SIGNS: Record<Tone, string> = { good: '✓', watch: '◦', degraded: '▲', failed: '✕', quiet: '–' }

export const Badge = ({ tone, text }: { tone: Tone; text: string }) => (
  <span class={`badge ${tone}`}>
    <span aria-hidden="true">{SIGNS[tone]}</span> {text}
  </span>
)
