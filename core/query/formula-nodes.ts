/**
 * What `formula("a / b * 100").last("5m") > 9` means: arithmetic over the sub-queries in the monitor's `variables`.
 * Read next: formula.peggy, the grammar; variables.ts, the sub-queries and what becomes of a formula over metrics.
 */
import type { Comparator } from '../monitor/spec-types.ts'
import type { Argument, ArithmeticExpression, CalendarUnit, NumberExpression, RollupMethod } from './metric-nodes.ts'

export type FormulaQuery = Readonly<{
  kind: 'formula'
  of: FormulaExpression
  /** `.rollup("sum")`: how the values of the window become one; null = as the variables' own kind does. */
  rollup: RollupMethod | null
  /** `.by(a,b)`, of data jobs; elsewhere the variables say it. */
  by: readonly string[]
  windowMs: number
  /** `.current("1d")`: the present hour, day or month, up to now; null = `.last(…)`. */
  calendar: CalendarUnit | null
  /** As it was written: `5m`, `1mo`. */
  windowText: string
  /** `.anomaly(direction="both")` of costs: the threshold is about how unusual a value is. */
  detect: Readonly<{ name: 'anomaly' | 'change' | 'forecast'; args: readonly Argument[] }> | null
  comparator: Comparator
  threshold: number
}>

export type FormulaExpression =
  | VariableExpression
  | NumberExpression
  | Readonly<{ kind: 'negative'; of: FormulaExpression }>
  | Readonly<{
      kind: 'arithmetic'
      operator: ArithmeticExpression['operator']
      left: FormulaExpression
      right: FormulaExpression
    }>
  | Readonly<{ kind: 'call'; name: string; of: FormulaExpression; args: readonly Argument[] }>

/** The variable of this name. */
export type VariableExpression = Readonly<{ kind: 'variable'; name: string }>
