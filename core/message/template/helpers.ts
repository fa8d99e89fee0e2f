import { lookUp, type MessageContext } from '../context.ts'
import { nameKind } from '../names.ts'
import { priorityOf, textOf } from './conditions.ts'
import type { Surroundings } from './evaluate.ts'
import type { Argument, Call } from './nodes.ts'
import { compute } from './sum.ts'
import { parseSum } from './sum-syntax.ts'

export type Made = Readonly<
  | { kind: 'text'; text: string }
  | { kind: 'priority'; priority: number }
  /** It is about something that isn't at hand. */
  | { kind: 'missing'; name: string }
  | { kind: 'failed'; note: string }
>

/** Later than the year 5000 in seconds: it is ms. */
const epochSecondsMax = 1e11
const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/

/** What a call with arguments gives; total, also over helpers that don't exist. */
export function callHelper(call: Call, surroundings: Surroundings): Made {
  const wrong = wrongWith(call)
  if (wrong !== null) return failed(call, wrong)
  const [first = '', second = ''] = call.arguments.map(textOf)
  switch (call.name) {
    case 'eval':
      return evalSum(call, first, surroundings.names)
    case 'local_time':
      return timeThere(call, first, second, surroundings)
    case 'urlencode':
      return encoded(first, surroundings.names)
    case 'override_priority': {
      const priority = priorityOf(first)
      return priority === null ? failed(call, 'it is no priority') : { kind: 'priority', priority }
    }
    default:
      return failed(call, 'it is unknown')
  }
}

function timeThere(call: Call, name: string, zone: string, { names, localTime }: Surroundings): Made {
  const value = lookUp(names, name)
  if (value === undefined || value === null) return { kind: 'missing', name }
  const epochMs = epochMsOf(value)
  if (epochMs === null) return failed(call, `${name} is no time`)
  const text = localTime(epochMs, zone)
  return text === null ? failed(call, `there is no time zone ${JSON.stringify(zone.slice(0, 50))}`) : { kind: 'text', text }
}

function encoded(name: string, names: MessageContext): Made {
  const value = lookUp(names, name)
  if (value === undefined && nameKind(name) === 'carried') return { kind: 'missing', name }
  return { kind: 'text', text: encodeURIComponent(String(value ?? '').toWellFormed()) }
}

/** Arguments that can't be right whatever the names stand for, as a sentence; null = they may be. */
export function wrongWith({ name, arguments: list }: Call): string | null {
  switch (name) {
    case 'eval':
      return wrongSum(list)
    case 'local_time':
      return list.length === 2 ? null : 'expected a time and a zone: {{local_time "last_triggered_at" "Europe/Madrid"}}'
    case 'urlencode':
      return list.length === 1 ? null : 'expected one name: {{urlencode "host.name"}}'
    case 'override_priority':
      return list.length === 1 && arePriorities(list) ? null : 'expected a priority from P1 to P5: {{override_priority "P1"}}'
    case 'is_priority':
      return list.length > 0 && arePriorities(list) ? null : 'expected priorities from P1 to P5: {{#is_priority "P1" "P2"}}'
    case 'is_match':
    case 'is_exact_match':
      return list.length >= 2 ? null : `expected a name and a text: {{#${name} "host.name" "web"}}`
    default:
      return null
  }
}

function wrongSum(list: readonly Argument[]): string | null {
  const [sum] = list
  if (list.length !== 1 || sum === undefined) return 'expected one sum in quotes: {{eval "value * 100"}}'
  const parsed = parseSum(textOf(sum))
  return parsed.ok ? null : `${parsed.message} (character ${parsed.offset + 1} of the sum)`
}

function arePriorities(list: readonly Argument[]): boolean {
  return list.every((argument) => priorityOf(textOf(argument)) !== null)
}

function evalSum(call: Call, sum: string, names: MessageContext): Made {
  const parsed = parseSum(sum)
  if (!parsed.ok) return failed(call, parsed.message)
  let missing: string | null = null
  const computed = compute(parsed.sum, (name) => {
    const value = lookUp(names, name)
    if (typeof value === 'number' || typeof value === 'string') return value
    missing ??= name
    return null
  })
  if (computed.ok) return { kind: 'text', text: String(computed.value) }
  return missing === null ? failed(call, computed.reason) : { kind: 'missing', name: missing }
}

function epochMsOf(value: string | number | boolean): number | null {
  const number = typeof value === 'number' ? value : Number.NaN
  if (Number.isFinite(number)) return Math.abs(number) < epochSecondsMax ? number * 1_000 : number
  // Anything else a Date reads differs from machine to machine.
  const parsed = isoTime.test(String(value)) ? Date.parse(String(value)) : Number.NaN
  return Number.isFinite(parsed) ? parsed : null
}

function failed({ name, place }: Call, why: string): Made {
  return { kind: 'failed', note: `${name} in line ${place.line} could not be rendered and stands as it was written: ${why}.` }
}
