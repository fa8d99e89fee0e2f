/** What an import makes of a foreign file, and what it says about the rest. Read next: command.ts. */
import type { Desired } from '../apply/desired.ts'

/** `place` names the definition in its file. */
export type Remark = Readonly<{ place: string; text: string }>

export type Converted = Readonly<{
  monitors: readonly Desired[]
  downtimes: readonly Desired[]
  receivers: readonly Desired[]
  /** Notification rules. */
  rules: readonly Desired[]
  /** Taken over otherwise than it was written, or with something left away. */
  notes: readonly Remark[]
  /** Not taken over, with the reason. */
  leftOut: readonly Remark[]
}>

export const nothing: Converted = { monitors: [], downtimes: [], receivers: [], rules: [], notes: [], leftOut: [] }

export function joined(parts: readonly Converted[]): Converted {
  return {
    monitors: parts.flatMap(({ monitors }) => monitors),
    downtimes: parts.flatMap(({ downtimes }) => downtimes),
    receivers: parts.flatMap(({ receivers }) => receivers),
    rules: parts.flatMap(({ rules }) => rules),
    notes: parts.flatMap(({ notes }) => notes),
    leftOut: parts.flatMap(({ leftOut }) => leftOut),
  }
}

/** Letters, digits and `. _ -`, as keys have them; what can't be in one becomes a dash. */
export function slugOf(text: string, charsMax = 80): string {
  const slug = text
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9._]+/g, '-')
    .replace(/^[^A-Za-z0-9]+|-+$/g, '')
    .slice(0, charsMax)
  return slug === '' ? 'unnamed' : slug
}

/** Keys that come twice get a number, in order. */
export function distinct(): (key: string) => string {
  const seen = new Map<string, number>()
  return (key) => {
    const count = (seen.get(key) ?? 0) + 1
    seen.set(key, count)
    return count === 1 ? key : `${key}-${count}`
  }
}
