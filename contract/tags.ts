/**
 * Names of metrics and tags as they are stored: Datadog's rules, so that a tag pushed by any client is found by any query.
 * Read next: series.ts.
 */

/** Characters at most, of a metric's name and of a tag each: Datadog's limits. */
const nameCharsMax = 200

export type NormalisedMetric = Readonly<{ ok: true; metric: string } | { ok: false; reason: string }>
export type NormalisedTags = Readonly<{ ok: true; tags: readonly string[] } | { ok: false; reason: string }>

/** Letters, digits, `_` and `.`, beginning with a letter; anything else becomes `_`. Case matters. */
export function normaliseMetric(text: string): NormalisedMetric {
  const metric = text.trim().replace(/[^A-Za-z0-9_.]/g, '_')
  if (!/^[A-Za-z]/.test(metric)) return { ok: false, reason: 'a metric name begins with a letter (A to Z)' }
  if (metric.length > nameCharsMax) return { ok: false, reason: `a metric name has at most ${nameCharsMax} characters` }
  return { ok: true, metric }
}

/** Lower case; letters and digits of any script, `_ - : . /`, anything else becomes `_`. Unique, sorted; empty ones are left out. */
export function normaliseTags(texts: readonly string[]): NormalisedTags {
  const tags = texts.map(normaliseTag).filter((tag) => tag !== '')
  const long = tags.find((tag) => tag.length > nameCharsMax)
  if (long !== undefined)
    return { ok: false, reason: `${JSON.stringify(`${long.slice(0, 40)}…`)} has more than ${nameCharsMax} characters` }
  return { ok: true, tags: [...new Set(tags)].sort() }
}

/** A part of a tag as a filter has it, where `*` stands for any text. */
export function normalisePattern(text: string): string {
  return text.split('*').map(normaliseTag).join('*')
}

function normaliseTag(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}_\-:./]/gu, '_')
}
