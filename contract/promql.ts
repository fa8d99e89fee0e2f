/**
 * Whether a text is PromQL that answers values to compare, by Prometheus' own grammar. What types of values its functions take is left
 * to the source. Read next: core/query/promql.peggy.
 */
import { parser } from '@prometheus-io/lezer-promql'

/** What is wrong, as a sentence with its place; empty = nothing is. `compared`: the part of the text whose values are compared. */
export function checkPromql(text: string, compared: string): string[] {
  const problemAt = firstProblem(text)
  if (problemAt !== null) return [`this is no PromQL${place(text, problemAt)}`]
  switch (outermost(compared)) {
    case 'MatrixSelector':
    case 'SubqueryExpr':
      return ['a range has no value to compare: use a function such as rate() or max_over_time()']
    case 'StringLiteral':
      return ['a text can’t be compared']
    default:
      return []
  }
}

/** The first place counts: the rest follows from it. */
function firstProblem(text: string): number | null {
  const found: number[] = []
  parser.parse(text).iterate({
    enter: ({ type, from }) => {
      if (type.isError) found.push(from)
    },
  })
  return found[0] ?? null
}

function outermost(text: string): string | null {
  let node = parser.parse(text).topNode.firstChild
  while (node?.name === 'ParenExpr') node = node.firstChild
  return node?.name ?? null
}

function place(text: string, offset: number): string {
  const lines = text.slice(0, offset).split('\n')
  const rest = text.slice(offset).trim()
  const what = rest === '' ? ': it ends too early' : `, from ${JSON.stringify(rest.slice(0, 20))} on`
  return `${what} (line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1})`
}
