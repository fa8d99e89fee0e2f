/**
 * The values of one group over all slots, as people write them: `10x3 95 _x2 10+5x4`.
 * `_` is a slot without data, `VxN` is N times V, `V+DxN` are N values from V in steps of D.
 */

/** Two weeks of minutes. A longer timeline says nothing that a longer interval doesn't. */
export const slotsMax = 20_000

export type Series = Readonly<{ ok: true; values: readonly (number | null)[] } | { ok: false; message: string }>

const number = String.raw`[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?`
const term = new RegExp(`^(_|${number})(?:([-+](?:\\d+\\.?\\d*|\\.\\d+)))?(?:x(\\d+))?$`, 'i')

export function parseSeries(text: string): Series {
  const words = text.split(/\s+/).filter((word) => word !== '')
  if (words.length === 0) return wrong('no values: write them like 10x3 95 _x2 (three times 10, then 95, then two slots without data)')
  const values: (number | null)[] = []
  for (const word of words) {
    const parsed = parseTerm(word)
    if (parsed === null) return wrong(`${JSON.stringify(word.slice(0, 40))} is no value: ${shape}`)
    if (parsed.count === 0) return wrong(`${JSON.stringify(word)} stands for no slot at all: leave it out`)
    if (values.length + parsed.count > slotsMax) return wrong(`more than ${slotsMax} slots: use a longer interval`)
    values.push(...valuesOf(parsed))
  }
  return { ok: true, values }
}

const shape = 'expected a number, _ (no data), 95x5 (five times 95) or 10+5x4 (10 15 20 25)'

type Term = Readonly<{ first: number | null; change: number; count: number }>

function parseTerm(word: string): Term | null {
  const [, first, change, times] = term.exec(word) ?? []
  if (first === undefined) return null
  const steps = change !== undefined
  if (steps && (first === '_' || times === undefined)) return null
  return { first: first === '_' ? null : Number(first), change: Number(change ?? 0), count: Number(times ?? 1) }
}

function valuesOf({ first, change, count }: Term): (number | null)[] {
  return Array.from({ length: count }, (_, index) => (first === null ? null : first + index * change))
}

function wrong(message: string): Series {
  return { ok: false, message }
}
