/**
 * A rule's texts with what their queries answer. Pure: yields each query, and is resumed with its answer. Bounded, for a source is asked for
 * each. Read next: rule.ts.
 */
import type { QueryAnswer } from './expand.ts'
import type { RenderedAlert } from './rule.ts'

/** A query may be made of what another one answered. */
const roundsMax = 10
/** Of all templates of an alert, and of all alerts that share `answers`. */
const queriesMax = 50

/** `answers`: by the text of the query, all as of one moment; new ones are added. */
export function* answeredAlert(
  render: (answers: ReadonlyMap<string, QueryAnswer>) => RenderedAlert,
  answers: Map<string, QueryAnswer>,
): Generator<string, RenderedAlert, QueryAnswer> {
  let rendered = render(answers)
  for (let round = 0; rendered.asks.length > 0 && round < roundsMax && answers.size < queriesMax; round += 1) {
    for (const query of rendered.asks) answers.set(query, yield query)
    rendered = render(answers)
  }
  return rendered
}
