/** Two answers compared field by field, and the differences that docs/datadog-compatibility.md gives reasons for. */
import { readFileSync } from 'node:fs'
import type { Json } from '../api/harness.ts'

/** more = we answer a field that wasn't recorded; less = a recorded one is missing; other = the values differ. */
export type Here = 'more' | 'less' | 'other'

/** `field`: a path like `[].options.silenced`. */
export type Difference = Readonly<{ field: string; here: Here; ours: unknown; theirs: unknown }>

export function differencesOf(ours: Json, recorded: Json, path = ''): Difference[] {
  const field = path.replace(/^body\.?/, '') || 'body'
  const differs = (here: Here): Difference[] => [{ field, here, ours, theirs: recorded }]
  if (ours === undefined) return differs('less')
  if (recorded === undefined) return differs('more')
  if (Array.isArray(ours) && Array.isArray(recorded) && ours.length === recorded.length) {
    return recorded.flatMap((item, index) => differencesOf(ours[index], item, `${path}[]`))
  }
  if (isObject(ours) && isObject(recorded) && !theirs.test(path)) {
    const keys = new Set([...Object.keys(ours), ...Object.keys(recorded)])
    return [...keys].flatMap((key) => differencesOf(ours[key], recorded[key], path === '' ? key : `${path}.${key}`))
  }
  return isAlike(path, ours, recorded) ? [] : differs('other')
}

function isAlike(path: string, ours: Json, recorded: Json): boolean {
  if (theirs.test(path)) return kindOf(path, ours) === kindOf(path, recorded)
  return JSON.stringify(ours) === JSON.stringify(recorded)
}

/** Fields of which the kind alone is compared: ids, times, people, and what data had decided when it was recorded. */
const theirs =
  /(^|\.)(id|org_id|uuid|creator_id|updater_id|created_at|created|modified|canceled|creator|overall_state|overall_state_modified)$/

function isObject(value: Json): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Null or a type, and for texts their format. */
function kindOf(path: string, value: unknown): string {
  // Data may have come by then, or not.
  if (path.endsWith('overall_state_modified')) return 'time or null'
  if (/(overall_state|creator|\bid)$/.test(path)) return typeof value
  if (value === null || typeof value !== 'string') return value === null ? 'null' : typeof value
  return value.replace(/[0-9a-f]/g, '0')
}

export type Exception = Readonly<{ recordings: string; request: string; field: string; here: string }>

/** The rows of the page's table of exceptions. */
export function listedExceptions(): Exception[] {
  const page = readFileSync(new URL('../../docs/datadog-compatibility.md', import.meta.url), 'utf8')
  const [, table = ''] = page.split('| recordings | request | field | here | why |')
  return [...(table.split('\n\n')[0] ?? '').matchAll(/^\| ([^|]+) \| ([^|]+) \| ([^|]+) \| (more|less|other) \| [^|]{10,} \|$/gm)].map(
    ([, recordings = '', request = '', field = '', here = '']) => ({
      recordings: recordings.replaceAll('`', ''),
      request: request.replaceAll('`', ''),
      field: field.replaceAll('`', ''),
      here,
    }),
  )
}

export function isListed(exception: Exception, story: string, exchange: string, { field, here }: Difference): boolean {
  const { recordings, request } = exception
  return (
    (recordings === 'all' || recordings === story) &&
    (request === 'any' || exchange.startsWith(request)) &&
    exception.field.split(', ').includes(field) &&
    exception.here === here
  )
}
