/** What the actions of formula.peggy make the node with. Never throws: what is wrong is a sentence. Read next: formula.peggy. */
import type { Comparator } from '../monitor/spec-types.ts'
import type { MethodSyntax } from './expression-build.ts'
import type { FormulaExpression, FormulaQuery } from './formula-nodes.ts'

export type BuiltFormula = Readonly<{ query: FormulaQuery } | { problem: string; at: number }>

type Parts = { -readonly [Key in 'rollup' | 'by' | 'detect']: FormulaQuery[Key] } & {
  window: Pick<FormulaQuery, 'windowMs' | 'windowText' | 'calendar'> | null
}

const unitsMs = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000, mo: 2_592_000_000 } as const
const calendars = {
  '1h': { calendar: 'hour', windowMs: unitsMs.h },
  '1d': { calendar: 'day', windowMs: unitsMs.d },
  '1mo': { calendar: 'month', windowMs: 31 * unitsMs.d },
} as const
const rollups = ['avg', 'sum', 'min', 'max', 'count'] as const

export function formula(of: FormulaExpression, methods: readonly MethodSyntax[], comparator: Comparator, threshold: number): BuiltFormula {
  const parts: Parts = { rollup: null, by: [], detect: null, window: null }
  const seen = new Set<string>()
  for (const method of methods) {
    const name = method.name === 'current' ? 'last' : method.name
    const problem = seen.has(name) ? `.${method.name}() stands twice` : take(parts, method)
    if (problem !== null) return { problem, at: method.at }
    seen.add(name)
  }
  const { window, ...rest } = parts
  if (window === null) return { problem: 'a formula ends with its window, as in formula("a / b").last("15m") > 5', at: methods[0]?.at ?? 0 }
  return { query: { kind: 'formula', of, ...rest, ...window, comparator, threshold } }
}

function take(parts: Parts, method: MethodSyntax): string | null {
  const { name, args } = method
  switch (name) {
    case 'last':
    case 'current':
      parts.window = args.length === 1 ? windowOf(name, String(args[0]?.value)) : null
      return parts.window === null ? windowUsage(name) : null
    case 'rollup':
      parts.rollup = args.length === 1 ? (rollups.find((rollup) => rollup === args[0]?.value) ?? null) : null
      return parts.rollup === null ? `.rollup() takes one of ${rollups.join(', ')}, as in .rollup("sum")` : null
    case 'by':
      parts.by = args.flatMap(({ value }) => String(value).split(',')).map((key) => key.trim().toLowerCase())
      return parts.by.length === 0 || parts.by.includes('') ? '.by() takes keys, as in .by("host,env")' : null
    default:
      return takeDetection(parts, method)
  }
}

function takeDetection(parts: Parts, { name, args }: MethodSyntax): string | null {
  if (parts.detect !== null) return `.${name}() can’t stand beside .${parts.detect.name}()`
  parts.detect = { name: name === 'change' || name === 'forecast' ? name : 'anomaly', args }
  return null
}

function windowOf(name: string, text: string): Parts['window'] {
  if (name === 'current') {
    return text === '1h' || text === '1d' || text === '1mo' ? { windowText: text, ...calendars[text] } : null
  }
  const [, count, unit] = /^([1-9]\d{0,5})(mo|[mhdw])$/.exec(text) ?? []
  if (unit !== 'm' && unit !== 'h' && unit !== 'd' && unit !== 'w' && unit !== 'mo') return null
  return { windowText: text, windowMs: Number(count) * unitsMs[unit], calendar: null }
}

function windowUsage(name: string): string {
  return name === 'current'
    ? '.current() takes "1h", "1d" or "1mo"'
    : '.last() takes how long, as in .last("5m"), "4h", "1d", "1w" or "1mo"'
}
