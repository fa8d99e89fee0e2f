/**
 * The values of one group over all slots, as people write them: `10x3 95 _x2 10+5x4`.
 * `_` is a slot without data, `~V` one whose window isn't full, `VxN` is N times V, `V+DxN` are N values from V in steps of D.
 */

/** null = no data; partial = data, and too many gaps in its window. */
export type SeriesValue = number | null | 'partial'

/** Two weeks of minutes. A longer timeline says nothing that a longer interval doesn't. */
export const slotsMax = 20_000

export type Series = Readonly<{ ok: true; values: readonly SeriesValue[] } | { ok: false; message: string }>

const number = String.raw`[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?`
const term = new RegExp(`^(~)?(_|${number})(?:([-+](?:\\d+\\.?\\d*|\\.\\d+)))?(?:x(\\d+))?$`, 'i')

export function parseSeries(text: string): Series {
  const words = text.split(/\s+/).filter((word) => word !== '')
  if (words.length === 0) return wrong('no values: write them like 10x3 95 _x2 (three times 10, then 95, then two slots without data)')
  const values: SeriesValue[] = []
  for (const word of words) {
    const parsed = parseTerm(word)
    if (parsed === null) return wrong(`${JSON.stringify(word.slice(0, 40))} is no value: ${shape}`)
    if (parsed.count === 0) return wrong(`${JSON.stringify(word)} stands for no slot at all: leave it out`)
    if (values.length + parsed.count > slotsMax) return wrong(`more than ${slotsMax} slots: use a longer interval`)
    values.push(...valuesOf(parsed))
  }
  return { ok: true, values }
}

const shape = 'expected a number, _ (no data), ~95 (its window isn’t full), 95x5 (five times 95) or 10+5x4 (10 15 20 25)'

type Term = Readonly<{ first: SeriesValue; change: number; count: number }>

function parseTerm(word: string): Term | null {
  const [, tilde, first, change, times] = term.exec(word) ?? []
  if (first === undefined) return null
  const steps = change !== undefined
  const plain = tilde === undefined && first !== '_'
  if (!plain && (steps || (tilde !== undefined && first === '_'))) return null
  if (steps && times === undefined) return null
  const value = tilde === undefined ? Number(first) : 'partial'
  return { first: first === '_' ? null : value, change: Number(change ?? 0), count: Number(times ?? 1) }
}

function valuesOf({ first, change, count }: Term): SeriesValue[] {
  return Array.from({ length: count }, (_, index) => (typeof first === 'number' ? first + index * change : first))
}

function wrong(message: string): Series {
  return { ok: false, message }
}
