import { withoutPlace } from './error.ts'
import type { Report } from './language.ts'
import type { Quoted } from './language-syntax.ts'
import { offsetIn, textOf } from './quoted.ts'
import { parseSearch } from './search.ts'
import type { Search } from './search-nodes.ts'

/** The search that stands in quotes inside of a query. `lists`: as older event monitors write, `status:error,warning` is any of both. */
export function searchIn(quoted: Quoted, report: Report, style: 'plain' | 'lists'): Search {
  const parsed = parseSearch(textOf(quoted))
  if (!parsed.ok) {
    report(withoutPlace(parsed.error), offsetIn(quoted, parsed.error.offset))
    return { kind: 'all' }
  }
  return style === 'lists' ? withLists(parsed.search) : parsed.search
}

function withLists(search: Search): Search {
  switch (search.kind) {
    case 'and':
    case 'or':
      return { kind: search.kind, of: search.of.map(withLists) }
    case 'not':
      return { kind: 'not', of: withLists(search.of) }
    case 'field': {
      const { test, field } = search
      const values = test.kind === 'is' ? test.value.split(',').filter((value) => value !== '') : []
      if (values.length < 2) return search
      return { kind: 'or', of: values.map((value) => ({ kind: 'field', field, test: { kind: 'is', value } })) }
    }
    default:
      return search
  }
}
