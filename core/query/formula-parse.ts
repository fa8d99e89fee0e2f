/** Formulas → nodes, checked as far as that goes without their variables. Never throws. Read next: formula.peggy, variables.ts. */
import { assertNever } from '../assert.ts'
import { errorAt, fromGrammar } from './error.ts'
import * as grammar from './formula.generated.js'
import type { FormulaExpression, FormulaQuery } from './formula-nodes.ts'
import { checkCall } from './metric-calls.ts'
import type { QueryIssue } from './metric-check.ts'
import type { Parsed } from './metric-parse.ts'
import type { Places } from './places.ts'
import { runParser } from './run-parser.ts'

/** Nodes of one formula at most: what comes after recurses into them, and nobody reads more. */
const partsMax = 1_000
/** Costs and events are looked at over a quarter at most. */
const windowMsMax = 90 * 86_400_000

export const isFormula = (text: string): boolean => /^\s*formula\b/.test(text)

/** `ownFunctions`: the type has functions of its own, which aren't known here. */
export function parseFormula(text: string, ownFunctions = false): Parsed<FormulaQuery> {
  const parsed = runParser(grammar, text)
  if (!parsed.ok) return { ok: false, error: fromGrammar(text, parsed.error) }
  const { query, threshold, places } = parsed.syntax
  if (places.size > partsMax) return { ok: false, error: errorAt(text, 0, `the formula has more than ${partsMax} parts`) }
  const [issue] = checkFormula(query, places, threshold.offset, ownFunctions)
  return issue === undefined ? { ok: true, query } : { ok: false, error: errorAt(text, issue.offset ?? 0, issue.message) }
}

function checkFormula(
  { of, windowMs, windowText, threshold }: FormulaQuery,
  places: Places,
  thresholdAt: number,
  ownFunctions: boolean,
): QueryIssue[] {
  const at = places.get(of)?.[0] ?? null
  return [
    ...(variablesIn(of).length === 0 ? [{ message: 'a formula names at least one variable', offset: at }] : []),
    ...checkExpression(of, places, ownFunctions, true),
    ...(windowMs > windowMsMax ? [{ message: `the window ${windowText} is out of bounds: at most 90d`, offset: null }] : []),
    ...(Number.isFinite(threshold) ? [] : [{ message: 'the threshold is too large a number', offset: thresholdAt }]),
  ]
}

function checkExpression(of: FormulaExpression, places: Places, ownFunctions: boolean, isOutermost: boolean): QueryIssue[] {
  switch (of.kind) {
    case 'variable':
    case 'number':
      return []
    case 'negative':
      return checkExpression(of.of, places, ownFunctions, false)
    case 'arithmetic':
      return [...checkExpression(of.left, places, ownFunctions, false), ...checkExpression(of.right, places, ownFunctions, false)]
    case 'call':
      return [...(ownFunctions ? [] : checkCall(of, null, isOutermost, places)), ...checkExpression(of.of, places, ownFunctions, false)]
    default:
      return assertNever(of)
  }
}

/** Names of the variables that a formula uses, each once. */
export function variablesIn(of: FormulaExpression): readonly string[] {
  return [...new Set(allVariables(of))]
}

function allVariables(of: FormulaExpression): string[] {
  switch (of.kind) {
    case 'variable':
      return [of.name]
    case 'number':
      return []
    case 'negative':
    case 'call':
      return allVariables(of.of)
    case 'arithmetic':
      return [...allVariables(of.left), ...allVariables(of.right)]
    default:
      return assertNever(of)
  }
}
