/**
 * The language in which events are searched: text → Search and back. Never throws, whatever the text.
 * Read next: search.peggy, search-match.ts.
 */
import { assertNever } from '../assert.ts'
import { filterTermsMax } from './bounds.ts'
import { errorAt, fromGrammar, type QueryError } from './error.ts'
import type { SearchSyntax, SearchTest } from './language-syntax.ts'
import { nestingOffset } from './nesting.ts'
import { quoted } from './quoted.ts'
import { runParser } from './run-parser.ts'
import * as grammar from './search.generated.js'
import type { Bound, Field, FieldTest, Search } from './search-nodes.ts'
import { isWild, literalOf, patternOf, wordsOf } from './search-text.ts'

/** Characters of a search at most: what fits a query. */
export const searchTextMax = 20_000
/** Brackets within brackets at most: matching recurses, and nobody reads deeper ones. */
const nestingMax = 50

export type SearchResult = Readonly<{ ok: true; search: Search } | { ok: false; error: QueryError }>

export function parseSearch(text: string): SearchResult {
  if (text.length > searchTextMax) return refused(errorAt(text, searchTextMax, `the search is longer than ${searchTextMax} characters`))
  const tooDeep = nestingOffset(text, nestingMax)
  if (tooDeep !== null) return refused(errorAt(text, tooDeep, `more than ${nestingMax} brackets within each other`))
  const parsed = runParser(grammar, text)
  if (!parsed.ok) return refused(fromGrammar(text, parsed.error, 'search'))
  if (termsIn(parsed.syntax) > filterTermsMax) return refused(errorAt(text, 0, `a search has at most ${filterTermsMax} terms`))
  return { ok: true, search: searchOf(parsed.syntax) }
}

function refused(error: QueryError): SearchResult {
  return { ok: false, error }
}

function termsIn(syntax: SearchSyntax): number {
  switch (syntax.kind) {
    case 'and':
    case 'or':
      return syntax.of.reduce((sum, part) => sum + termsIn(part), 0)
    case 'not':
      return termsIn(syntax.of)
    case 'all':
    case 'words':
    case 'field':
      return 1
    default:
      return assertNever(syntax)
  }
}

function searchOf(syntax: SearchSyntax): Search {
  switch (syntax.kind) {
    case 'all':
      return syntax
    case 'words':
      return wordsSearch(syntax.text, syntax.phrase, syntax.anywhere)
    case 'field':
      return fieldSearch(syntax.key, syntax.test)
    case 'and':
    case 'or':
      return { kind: syntax.kind, of: syntax.of.map(searchOf) }
    case 'not':
      return { kind: 'not', of: searchOf(syntax.of) }
    default:
      return assertNever(syntax)
  }
}

/** A text of punctuation alone has no words, and is in every message. */
function wordsSearch(text: string, phrase: boolean, anywhere: boolean): Search {
  const words = wordsOf(text, phrase)
  return words.every((word) => /^\*+$/.test(word)) ? { kind: 'all' } : { kind: 'words', words, anywhere }
}

function fieldSearch(key: string, test: SearchTest): Search {
  const name = literalOf(key)
  // The message is text: it contains words rather than being one.
  if (name.toLowerCase() === 'message' && test.kind === 'text' && test.text !== '*') return wordsSearch(test.text, test.quoted, false)
  return { kind: 'field', field: fieldOf(name), test: testOf(test, !name.startsWith('@')) }
}

function fieldOf(name: string): Field {
  return name.startsWith('@') ? { kind: 'attribute', name: name.slice(1) } : { kind: 'tag', name: name.toLowerCase() }
}

function testOf(test: SearchTest, ignoresCase: boolean): FieldTest {
  if (test.kind === 'range') return test.from === null && test.to === null ? { kind: 'exists' } : test
  if (test.text === '*' && !test.quoted) return { kind: 'exists' }
  const text = ignoresCase ? test.text.toLowerCase() : test.text
  return !test.quoted && isWild(text) ? { kind: 'like', pattern: patternOf(text) } : { kind: 'is', value: literalOf(text) }
}

/** The one text of a search: parsing it gives the same search. */
export function printSearch(search: Search): string {
  switch (search.kind) {
    case 'all':
      return '*'
    case 'words':
      return `${search.anywhere ? '*:' : ''}${printWords(search.words)}`
    case 'field':
      return `${search.field.kind === 'attribute' ? '@' : ''}${escaped(search.field.name)}:${printTest(search.test)}`
    case 'and':
    case 'or':
      return search.of.map(printInner).join(search.kind === 'and' ? ' AND ' : ' OR ')
    case 'not':
      // Twice NOT in a row would cancel each other where it is read.
      return `NOT ${search.of.kind === 'not' ? `(${printSearch(search.of)})` : printInner(search.of)}`
    default:
      return assertNever(search)
  }
}

function printInner(search: Search): string {
  return search.kind === 'and' || search.kind === 'or' ? `(${printSearch(search)})` : printSearch(search)
}

/** Wildcards hold outside of quotes only; there, punctuation keeps words beside each other. */
function printWords(words: readonly string[]): string {
  return words.length > 1 && !words.some(isWild) ? `"${words.join(' ')}"` : words.join('.')
}

function printTest(test: FieldTest): string {
  switch (test.kind) {
    case 'exists':
      return '*'
    case 'is':
      return /^[\w./@-][\w./@:-]*$/.test(test.value) ? test.value : quoted(test.value)
    case 'like':
      // Some characters would be something else at the beginning, where they are none of a value.
      return test.pattern.replace(/[\s()"]/g, '\\$&').replace(/^[:[{<>]/, '\\$&')
    case 'range':
      return printRange(test.from, test.to)
    default:
      return assertNever(test)
  }
}

function printRange(from: Bound | null, to: Bound | null): string {
  if (from !== null && to !== null) {
    return `${from.inclusive ? '[' : '{'}${from.value} TO ${to.value}${to.inclusive ? ']' : '}'}`
  }
  if (from !== null) return `>${from.inclusive ? '=' : ''}${from.value}`
  return to === null ? '*' : `<${to.inclusive ? '=' : ''}${to.value}`
}

/** A key as a plain text. */
function escaped(key: string): string {
  return key.replace(/[\s():"\\*!-]/g, '\\$&')
}
