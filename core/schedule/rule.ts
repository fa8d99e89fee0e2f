/**
 * Recurrence rules (RFC 5545) of evaluation times: whether one can be used, and its parts. Days at the finest: a rule gives
 * one time a day at most, whatever it says.
 * Never expands one: that needs time zones. Read next: adapters/recurrences/recurrences.ts.
 */

/** `parts`: the rule without UNTIL, in upper case. `until`: the last moment as a wall-clock time, in UTC or else in the schedule's zone. */
export type Rule = Readonly<{ parts: string; until: Readonly<{ wall: string; utc: boolean }> | null }>
export type RuleResult = Readonly<{ ok: true; rule: Rule } | { ok: false; message: string }>

/** Nobody means more; beyond that a rule would be searched for years without finding a day. */
const intervalMax = 1_000
/** Days of 27 years. Counting them costs time at each look, so a longer run is written without COUNT. */
const countMax = 9_999

const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']
const monthDays = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** What each part may be: one number, or a list of them; from 1 in either direction where it is signed. */
const numbers: Readonly<Record<string, Readonly<{ min: number; max: number; signed?: true; single?: true }>>> = {
  INTERVAL: { min: 1, max: intervalMax, single: true },
  COUNT: { min: 1, max: countMax, single: true },
  BYMONTH: { min: 1, max: 12 },
  BYMONTHDAY: { min: 1, max: 31, signed: true },
  BYYEARDAY: { min: 1, max: 366, signed: true },
  BYWEEKNO: { min: 1, max: 53, signed: true },
  BYSETPOS: { min: 1, max: 366, signed: true },
  BYHOUR: { min: 0, max: 23, single: true },
  BYMINUTE: { min: 0, max: 59, single: true },
  BYSECOND: { min: 0, max: 59, single: true },
}

/** Total. The message says what is wrong, where, and what to write instead. */
export function parseRule(text: string): RuleResult {
  const parts = new Map<string, string>()
  let offset = 0
  for (const word of text.trim().toUpperCase().split(';')) {
    const [, name = '', value = ''] = /^\s*([A-Z]+)\s*=\s*(.*?)\s*$/.exec(word) ?? []
    const wrong = parts.has(name) ? `${name} stands twice` : partMessage(name, value)
    if (wrong !== null) return { ok: false, message: `${wrong} (character ${offset + 1} of the rule)` }
    parts.set(name, value)
    offset += word.length + 1
  }
  const wrong = wholeMessage(parts)
  if (wrong !== null) return { ok: false, message: wrong }
  const until = parts.get('UNTIL')
  const others = [...parts].filter(([name]) => name !== 'UNTIL').map(([name, value]) => `${name}=${value}`)
  return { ok: true, rule: { parts: others.join(';'), until: until === undefined ? null : parseUntil(until) } }
}

/** A wall-clock time such as 2026-03-29T09:00:00 (seconds may be left out); null where it isn't one. */
export function parseStart(text: string): string | null {
  const [, date, clock, seconds = ':00'] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d)?$/.exec(text.trim()) ?? []
  return date === undefined ? null : validWall(`${date}T${clock}${seconds}`)
}

function partMessage(name: string, value: string): string | null {
  switch (name) {
    case 'FREQ':
      if (/^(HOURLY|MINUTELY|SECONDLY)$/.test(value)) return `FREQ=${value} comes more than once a day: use DAILY, or options.interval`
      return /^(DAILY|WEEKLY|MONTHLY|YEARLY)$/.test(value) ? null : 'expected FREQ=DAILY, WEEKLY, MONTHLY or YEARLY'
    case 'WKST':
      return weekdays.includes(value) ? null : `expected WKST=${weekdays.join(', ')}`
    case 'BYDAY':
      return value.split(',').every((day) => /^([+-]?[1-9]\d?)?(MO|TU|WE|TH|FR|SA|SU)$/.test(day))
        ? null
        : 'expected BYDAY=MO,WE or BYDAY=1MO,-1FR'
    case 'UNTIL':
      return parseUntil(value) === null ? 'expected UNTIL=20261231T235959Z, 20261231T235959 or 20261231' : null
    case 'DTSTART':
    case 'DTEND':
    case 'DURATION':
      return `${name} can’t stand in a rule: when it starts is said under start`
    default:
      return numberMessage(name, value)
  }
}

function numberMessage(name: string, value: string): string | null {
  const bounds = Object.hasOwn(numbers, name) ? numbers[name] : undefined
  if (bounds === undefined) return 'expected parts such as FREQ=WEEKLY;BYDAY=MO,FR'
  const { min, max, signed, single } = bounds
  const items = value.split(',')
  const fits = items.every((item) => {
    const number = /^[+-]?\d{1,4}$/.test(item) ? Number(item) : Number.NaN
    return signed === true ? Math.abs(number) >= min && Math.abs(number) <= max : number >= min && number <= max
  })
  const range = `${min} to ${max}${signed === true ? ` or −${min} to −${max}` : ''}`
  if (!fits) return `expected ${name}=${range}`
  return single === true && items.length > 1 ? `${name} is one number: a schedule comes once a day at most` : null
}

/** What RFC 5545 rules out, and what would never come. */
function wholeMessage(parts: ReadonlyMap<string, string>): string | null {
  const freq = parts.get('FREQ')
  if (freq === undefined) return 'FREQ is missing: expected a rule such as FREQ=DAILY;INTERVAL=1'
  if (parts.has('COUNT') && parts.has('UNTIL')) return 'COUNT and UNTIL exclude each other: use one of them'
  if (parts.has('BYSETPOS') && ![...parts.keys()].some((name) => name.startsWith('BY') && name !== 'BYSETPOS'))
    return 'BYSETPOS needs another BY… part to choose from'
  return frequencyMessage(parts, freq) ?? (comesNever(parts) ? 'the rule never comes: no month in BYMONTH has a day in BYMONTHDAY' : null)
}

/** Parts that only some frequencies know. */
function frequencyMessage(parts: ReadonlyMap<string, string>, freq: string): string | null {
  if (parts.has('BYWEEKNO') && freq !== 'YEARLY') return 'BYWEEKNO needs FREQ=YEARLY'
  if (parts.has('BYYEARDAY') && freq !== 'YEARLY') return 'BYYEARDAY needs FREQ=YEARLY'
  if (parts.has('BYMONTHDAY') && freq === 'WEEKLY') return 'BYMONTHDAY can’t stand beside FREQ=WEEKLY: use FREQ=DAILY'
  const numbered = /\d/.test(parts.get('BYDAY') ?? '')
  if (!numbered || freq === 'MONTHLY' || (freq === 'YEARLY' && !parts.has('BYWEEKNO'))) return null
  return 'numbers in BYDAY (1MO) need FREQ=MONTHLY, or FREQ=YEARLY without BYWEEKNO'
}

function comesNever(parts: ReadonlyMap<string, string>): boolean {
  const months = parts.get('BYMONTH')?.split(',').map(Number)
  const days = parts.get('BYMONTHDAY')?.split(',').map(Number)
  if (months === undefined || days === undefined) return false
  return !months.some((month) => days.some((day) => Math.abs(day) <= (monthDays[month - 1] ?? 0)))
}

function parseUntil(value: string): Rule['until'] {
  const [, year, month, day, , hour = '23', minute = '59', second = '59', z] =
    /^(\d{4})(\d\d)(\d\d)(T(\d\d)(\d\d)(\d\d)(Z)?)?$/.exec(value) ?? []
  if (year === undefined) return null
  const wall = validWall(`${year}-${month}-${day}T${hour}:${minute}:${second}`)
  return wall === null ? null : { wall, utc: z !== undefined }
}

/** Within years that a clock will see; no 30 February. */
function validWall(wall: string): string | null {
  const atMs = Date.parse(`${wall}Z`)
  if (Number.isNaN(atMs) || wall < '1970' || wall >= '2200') return null
  return new Date(atMs).toISOString().slice(0, 19) === wall ? wall : null
}
