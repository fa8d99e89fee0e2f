/**
 * A search as the pipeline of LogQL: what every line must pass. Conjunctions become stages one after the other; alternatives of fields become
 * one stage of labels; where words stand in an alternative, the line is made a label for as long as that stage takes.
 * Read next: logql.ts; core/query/search-nodes.ts, what a search means.
 */
import { assertNever } from '../../../core/assert.ts'
import type { Field, FieldTest, Search } from '../../../core/query/search-nodes.ts'

export type LabelRule = (field: Field) => string

export type Filter = Readonly<{
  /** Matchers of streams: `env=~"(?i:prod)"`. */
  matchers: readonly string[]
  /** Before any field is read from the line. */
  lines: readonly string[]
  /** Conditions of labels. */
  labels: readonly string[]
  /** The line is needed as a label. */
  needsLine: boolean
}>

/** The line, while it is a label. */
export const lineLabel = 'tocsin_line'
/** A label that no line has. */
const nothing = 'tocsin_nothing'

/** `isStream`: this label tells streams apart. */
export function filterOf(search: Search, labelOf: LabelRule, isStream: (label: string) => boolean): Filter {
  const parts = conjuncts(search)
  const streams = parts.flatMap(({ part, negated }) => (isOfStreams(part, labelOf, isStream) ? [expression(part, negated, labelOf)] : []))
  const words = parts.flatMap(({ part, negated }) => (part.kind === 'words' ? [{ part, negated }] : []))
  const others = parts.filter(({ part, negated }) => {
    const passes = part.kind === 'all' && !negated
    return !passes && part.kind !== 'words' && !isOfStreams(part, labelOf, isStream)
  })
  return {
    matchers: streams,
    lines: words.map(({ part, negated }) => `${negated ? '!~' : '|~'} ${text(wordsPattern(part.words))}`),
    labels: others.map(({ part, negated }) => expression(part, negated, labelOf)),
    needsLine: others.some(({ part }) => hasWords(part)),
  }
}

/** A matcher of streams has no numbers. */
function isOfStreams(part: Search, labelOf: LabelRule, isStream: (label: string) => boolean): boolean {
  return part.kind === 'field' && part.field.kind === 'tag' && part.test.kind !== 'range' && isStream(labelOf(part.field))
}

type Part = Readonly<{ part: Exclude<Search, { kind: 'not' }>; negated: boolean }>

/** All of these must hold. */
function conjuncts(search: Search, negated = false): Part[] {
  if (search.kind === 'not') return conjuncts(search.of, !negated)
  const isAnd = (search.kind === 'and' && !negated) || (search.kind === 'or' && negated)
  if (isAnd && (search.kind === 'and' || search.kind === 'or')) return search.of.flatMap((part) => conjuncts(part, negated))
  return [{ part: search, negated }]
}

function hasWords(search: Search): boolean {
  switch (search.kind) {
    case 'all':
    case 'field':
      return false
    case 'words':
      return true
    case 'not':
      return hasWords(search.of)
    case 'and':
    case 'or':
      return search.of.some(hasWords)
    default:
      return assertNever(search)
  }
}

/** LogQL has no `not`: it goes down to the conditions. */
function expression(search: Search, negated: boolean, labelOf: LabelRule): string {
  switch (search.kind) {
    case 'all':
      return `${nothing}${negated ? '!=' : '='}""`
    case 'words':
      return `${lineLabel}${negated ? '!~' : '=~'}${text(`(?s).*${wordsPattern(search.words)}.*`)}`
    case 'field':
      return condition(search.field, search.test, negated, labelOf)
    case 'not':
      return expression(search.of, !negated, labelOf)
    case 'and':
    case 'or': {
      const joint = (search.kind === 'and') !== negated ? ' and ' : ' or '
      return `(${search.of.map((part) => expression(part, negated, labelOf)).join(joint)})`
    }
    default:
      return assertNever(search)
  }
}

function condition(field: Field, test: FieldTest, negated: boolean, labelOf: LabelRule): string {
  const label = labelOf(field)
  // Case counts in attributes only.
  const flags = field.kind === 'attribute' ? '' : '(?i)'
  switch (test.kind) {
    case 'exists':
      return `${label}${negated ? '=' : '!='}""`
    case 'is':
      if (flags === '' || test.value.toLowerCase() === test.value.toUpperCase()) return `${label}${negated ? '!=' : '='}${text(test.value)}`
      return `${label}${negated ? '!~' : '=~'}${text(`${flags}${escaped(test.value)}`)}`
    case 'like':
      return `${label}${negated ? '!~' : '=~'}${text(`(?s)${flags}${likePattern(test.pattern)}`)}`
    case 'range':
      return rangeOf(label, test, negated)
    default:
      return assertNever(test)
  }
}

/** What isn't a number is in no range. */
function rangeOf(label: string, { from, to }: Extract<FieldTest, { kind: 'range' }>, negated: boolean): string {
  const inside = [
    ...(from === null ? [] : [`${label} ${from.inclusive ? '>=' : '>'} ${from.value}`]),
    ...(to === null ? [] : [`${label} ${to.inclusive ? '<=' : '<'} ${to.value}`]),
  ]
  const outside = [
    ...(from === null ? [] : [`${label} ${from.inclusive ? '<' : '<='} ${from.value}`]),
    ...(to === null ? [] : [`${label} ${to.inclusive ? '>' : '>='} ${to.value}`]),
  ]
  if (negated) return `(${[`${label}=""`, ...outside].join(' or ')})`
  return inside.length === 0 ? `${label}!=""` : `(${[`${label}!=""`, ...inside].join(' and ')})`
}

/** Words one after the other, with nothing but punctuation between. */
function wordsPattern(words: readonly string[]): string {
  const [inWord, outside] = ['[\\p{L}\\p{N}_]', '[^\\p{L}\\p{N}_]']
  const patterns = words.map((word) =>
    [...word].map((char) => (char === '*' ? `${inWord}*` : char === '?' ? inWord : escaped(char))).join(''),
  )
  return `(?i)(?:^|${outside})${patterns.join(`${outside}+`)}(?:${outside}|$)`
}

function likePattern(pattern: string): string {
  return pattern.replace(/\\(.)|[\s\S]/g, (char, plain: string | undefined) => {
    if (plain !== undefined) return escaped(plain)
    return char === '*' ? '.*' : char === '?' ? '.' : escaped(char)
  })
}

function escaped(value: string): string {
  return value.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&')
}

/** As Go writes texts, which is as JSON does. */
const text = (value: string): string => JSON.stringify(value)
