/** Texts of the metric language → nodes, checked. Never throws, whatever the text. Read next: metric.peggy, metric-check.ts. */
import { errorAt, fromGrammar, type QueryError } from './error.ts'
import * as grammar from './metric.generated.js'
import { checkExpression, checkMetric, percentilesIn, type QueryIssue } from './metric-check.ts'
import type { Expression, MetricQuery } from './metric-nodes.ts'
import type { NotedPlaces } from './places.ts'
import { runParser, runPart } from './run-parser.ts'
import type { MetricExpressionSyntax, MetricSyntax } from './syntax.ts'

export type Parsed<Node> = Readonly<{ ok: true; query: Node } | { ok: false; error: QueryError }>

/** Nodes of one query at most: what comes after recurses into them, and nobody reads more. */
const partsMax = 1_000

export function parseMetric(text: string): Parsed<MetricQuery> {
  const parsed = runParser(grammar, text)
  if (!parsed.ok) return { ok: false, error: fromGrammar(text, parsed.error) }
  const { places, threshold } = parsed.syntax
  if (places.size > partsMax) return tooLong(text)
  const query = queryOf(parsed.syntax)
  places.set(query, [threshold.offset])
  return checked(text, query, checkMetric(query, places))
}

/** The query of a variable: `sum:app.hits{*} by {host}.as_count()`, without a window and a comparison. */
export function parseMetricExpression(text: string): Parsed<Expression> {
  const parsed = runPart<MetricExpressionSyntax, 'MetricExpression'>(grammar, text, 'MetricExpression')
  if (!parsed.ok) return { ok: false, error: fromGrammar(text, parsed.error) }
  const { of, places } = parsed.syntax
  return places.size > partsMax ? tooLong(text) : checked(text, of, checkExpression(of, places))
}

function queryOf({ over, of, comparator, threshold, places }: MetricSyntax): MetricQuery {
  const { aggregator } = over
  if (aggregator !== 'percentile') return node({ ...over, aggregator })
  // Without any, or with several, the check says so.
  return node({ ...over, aggregator: { percentile: percentilesIn(of)[0] ?? 0 } })

  function node(whole: MetricQuery['over']): MetricQuery {
    carry(places, over, whole)
    // −0 is printed as 0.
    return { kind: 'metric', over: whole, of, comparator, threshold: threshold.value + 0 }
  }
}

function carry(places: NotedPlaces, from: object, to: object): void {
  places.set(to, places.get(from) ?? [])
}

function checked<Node>(text: string, query: Node, issues: readonly QueryIssue[]): Parsed<Node> {
  const [issue] = issues
  return issue === undefined ? { ok: true, query } : { ok: false, error: errorAt(text, issue.offset ?? 0, issue.message) }
}

function tooLong(text: string): Parsed<never> {
  return { ok: false, error: errorAt(text, 0, `the query has more than ${partsMax} parts`) }
}
