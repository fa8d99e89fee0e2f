/** How long a mute or an acknowledgment holds. Pure. Read next: until-field.tsx. */

/** How long something is to hold. */
export type Until = Readonly<{ kind: 'for'; seconds: number } | { kind: 'open' } | { kind: 'at'; text: string }>

/** Epoch seconds; null = without an end. A text that is no time yet gives `undefined`. */
export function endOf(until: Until, nowMs: number): number | null | undefined {
  switch (until.kind) {
    case 'open':
      return null
    case 'for':
      return Math.floor(nowMs / 1_000) + until.seconds
    case 'at': {
      const at = new Date(until.text).getTime()
      return Number.isNaN(at) || at <= nowMs ? undefined : Math.floor(at / 1_000)
    }
  }
}
