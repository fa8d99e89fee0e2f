/**
 * Parameters of the two searches, and their query: Datadog's attributes over the language of searches. Never touches a database.
 * Read next: adapters/postgres/queries/monitor-search.ts, api/routes/search.ts.
 */
import { z } from 'zod'
import { assertNever } from '../core/assert.ts'
import { parseSearch } from '../core/query/search.ts'
import type { Search } from '../core/query/search-nodes.ts'
import { queryCharsMax } from './bounds.ts'
import { pageMax, storable, whole } from './pages.ts'

/** As Datadog's pages; a page of more is more than anybody reads. */
const perPageDefault = 30
const perPageMax = 1_000

export const sortFields = ['name', 'status', 'tags', 'id', 'severity'] as const
export type SearchSort = Readonly<{ field: (typeof sortFields)[number]; descending: boolean }>

const sort = z
  .string()
  .regex(/^(name|status|tags|id|severity)(,(asc|desc))?$/i, 'expected name, status, tags, id or severity, with ,asc or ,desc')
  .transform((text): SearchSort => {
    const [field, direction = 'asc'] = text.toLowerCase().split(',')
    return { field: sortFields.find((one) => one === field) ?? 'id', descending: direction === 'desc' }
  })

export const searchParameters = z.object({
  query: storable.pipe(z.string().max(queryCharsMax)).default(''),
  page: whole(0, pageMax).default(0),
  per_page: whole(1, perPageMax).default(perPageDefault),
  sort: sort.optional(),
})

export type SearchQuery = Readonly<{ ok: true; search: Search } | { ok: false; errors: readonly string[] }>

/** Fields that hold numbers: of others a range means nothing. */
const numbers: ReadonlySet<string> = new Set(['id', 'priority'])

export function parseMonitorSearch(text: string): SearchQuery {
  // Texts without a key are looked for in names, too; what is said of the message is about it alone.
  const own = text.replace(/"(?:[^"\\]|\\.)*"|(?<![^\s(-])message:/gi, (found) => (found.startsWith('"') ? found : 'monitor_message:'))
  const parsed = parseSearch(own)
  if (!parsed.ok) return { ok: false, errors: [`query: ${parsed.error.message}`] }
  const wrong = problemsOf(parsed.search)
  return wrong.length > 0 ? { ok: false, errors: wrong } : parsed
}

function problemsOf(search: Search): string[] {
  switch (search.kind) {
    case 'all':
    case 'words':
      return []
    case 'field': {
      const { field, test } = search
      if (field.kind === 'attribute') return [`query: monitors have no attribute @${field.name}`]
      if (test.kind === 'range' && !numbers.has(field.name)) return [`query: ${field.name} is no number: ranges are for id and priority`]
      return []
    }
    case 'and':
    case 'or':
      return search.of.flatMap(problemsOf)
    case 'not':
      return problemsOf(search.of)
    default:
      return assertNever(search)
  }
}
