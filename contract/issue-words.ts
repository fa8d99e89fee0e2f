/** What zod says is wrong, in our words: what is missing, what was expected, how much there may be. Sentences of our own stay as they are. */
import type { z } from 'zod'

type Issue = z.core.$ZodIssue

/** More choices than these a reader finds in the documentation. */
const choicesMax = 40

export function wordsOf(issue: Issue, value: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return isOurs(issue, 'Invalid input') ? issue.message : expectation(nounOf(issue.expected), value)
    case 'invalid_value':
      return isOurs(issue, 'Invalid') ? issue.message : expectation(choiceOf(issue.values), value)
    case 'invalid_union':
      return isOurs(issue, 'Invalid input') ? issue.message : unionWords(issue.errors, value)
    case 'too_small':
      return isOurs(issue, 'Too small') ? issue.message : smallWords(issue)
    case 'too_big':
      return isOurs(issue, 'Too big') ? issue.message : `must ${be(issue.origin)} at most ${amount(issue.maximum, issue.origin)}`
    default:
      return issue.message
  }
}

/** undefined = there is nothing. */
export function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? Object.getOwnPropertyDescriptor(value, key)?.value
        : undefined,
    input,
  )
}

function isOurs({ message }: Issue, zodsBeginning: string): boolean {
  return !message.startsWith(zodsBeginning)
}

function expectation(expected: string, value: unknown): string {
  return value === undefined ? `missing: give ${expected}` : `expected ${expected}${given(value, expected)}`
}

const nouns: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
  undefined: 'nothing',
}

function nounOf(expected: string): string {
  return nouns[expected] ?? expected
}

/** What came, where saying its kind helps. */
function given(value: unknown, expected: string): string {
  // A choice says enough.
  if (expected.includes('"')) return ''
  if (value === null) return ', not null'
  if (Array.isArray(value)) return ', not a list'
  switch (typeof value) {
    case 'object':
      return ', not an object'
    case 'string':
      return ', not a text'
    case 'number':
      return expected.includes('number') ? '' : ', not a number'
    default:
      return ''
  }
}

function choiceOf(values: readonly unknown[]): string {
  const names = values.slice(0, choicesMax).map((value) => JSON.stringify(value))
  return names.length === 1 ? (names[0] ?? '') : `one of ${names.join(', ')}${values.length > choicesMax ? ' …' : ''}`
}

/** Of each form that was possible: what is wrong with the one that came closest, or what all of them want. */
function unionWords(forms: readonly (readonly Issue[])[], value: unknown): string {
  const closest = forms.find((issues) =>
    issues.every(({ code, path }) => path.length > 0 || (code !== 'invalid_type' && code !== 'invalid_value')),
  )
  const [first] = closest ?? []
  if (first !== undefined) {
    const inside = first.path.map(String).join('.')
    return `${inside === '' ? '' : `${inside}: `}${first.code === 'unrecognized_keys' ? first.message : wordsOf(first, valueAt(value, first.path))}`
  }
  const wanted = new Set(forms.flatMap(([issue]) => (issue === undefined ? [] : wantedBy(issue))))
  return wanted.size === 0 ? 'has a form that isn’t known here' : expectation([...wanted].join(' or '), value)
}

function wantedBy(issue: Issue): string[] {
  if (issue.code === 'invalid_type') return [nounOf(issue.expected)]
  return issue.code === 'invalid_value' ? [choiceOf(issue.values)] : []
}

function smallWords({ origin, minimum }: Extract<Issue, { code: 'too_small' }>): string {
  return Number(minimum) === 1 && counted[origin] !== undefined
    ? 'must not be empty'
    : `must ${be(origin)} at least ${amount(minimum, origin)}`
}

/** What is counted rather than measured. */
const counted: Readonly<Record<string, string>> = {
  string: 'characters',
  array: 'entries',
  set: 'entries',
  map: 'entries',
  object: 'fields',
  record: 'fields',
}

const be = (origin: string): string => (counted[origin] === undefined ? 'be' : 'have')

function amount(bound: number | bigint, origin: string): string {
  const what = counted[origin]
  return what === undefined ? String(bound) : `${bound} ${Number(bound) === 1 ? what.replace(/ies$/, 'y').replace(/s$/, '') : what}`
}
