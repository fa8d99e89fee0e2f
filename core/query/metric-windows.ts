/** Bounds of windows and shifts, which a grammar can't say. Read next: metric-check.ts. */
import type { Over } from './metric-nodes.ts'

/** What may stand before each unit at most, and how long the unit is. Back: a month, as long as an evaluation may take to read. */
const back = {
  m: { countMax: 10_080, ms: 60_000 },
  h: { countMax: 744, ms: 3_600_000 },
  d: { countMax: 31, ms: 86_400_000 },
  w: { countMax: 4, ms: 7 * 86_400_000 },
  mo: { countMax: 1, ms: 30 * 86_400_000 },
} as const

/** Ahead: a year, further than any series tells of itself. */
const ahead = { m: 10_080, h: 2_160, d: 365, w: 52, mo: 12 } as const

const calendars = {
  hour: { text: 'current_1h', ms: 3_600_000 },
  day: { text: 'current_1d', ms: 86_400_000 },
  month: { text: 'current_1mo', ms: 31 * 86_400_000 },
} as const

/** What is wrong with the window, as a sentence; null = nothing. */
export function checkWindow({ windowText, windowMs, calendar, ahead: looksAhead }: Omit<Over, 'aggregator' | 'change'>): string | null {
  if (calendar !== null) {
    const { text, ms } = calendars[calendar]
    return windowText === text && windowMs === ms ? null : `${windowText} is not ${text}`
  }
  const kind = looksAhead ? 'next' : 'last'
  const [, count, unit] = new RegExp(`^${kind}_(\\d+)(mo|[mhdw])$`).exec(windowText) ?? []
  if (!isUnit(unit)) return `${windowText} is not a window`
  const countMax = looksAhead ? ahead[unit] : back[unit].countMax
  if (Number(count) < 1 || Number(count) > countMax)
    return `the window ${windowText} is out of bounds: ${bounds(`${kind}_`, countMax, unit)}`
  return windowMs === Number(count) * back[unit].ms ? null : `${windowText} is not ${windowMs} ms`
}

/** The same of a shift: how long ago what is compared with was. */
export function checkShift({ shiftText, shiftMs }: NonNullable<Over['change']>): string | null {
  const [, last, lastUnit, ago, agoUnit] = /^(?:last_(\d+)(mo|[mhdw])|(\d+)(mo|[mhdw])_ago)$/.exec(shiftText) ?? []
  const unit = lastUnit ?? agoUnit
  const count = Number(last ?? ago)
  if (!isUnit(unit)) return `${shiftText} is not a shift`
  const { countMax, ms } = back[unit]
  if (count < 1 || count > countMax) return `the shift ${shiftText} is out of bounds: ${bounds('last_', countMax, unit)}`
  return shiftMs === count * ms ? null : `${shiftText} is not ${shiftMs} ms`
}

function bounds(before: string, countMax: number, unit: string): string {
  return countMax === 1 ? `only ${before}1${unit}` : `${before}1${unit} to ${before}${countMax}${unit}`
}

function isUnit(text: string | undefined): text is keyof typeof back {
  return text !== undefined && Object.hasOwn(back, text)
}
