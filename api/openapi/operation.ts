/**
 * One operation of the API as the OpenAPI document tells it: path, parameters, body, answers, and the role that it needs.
 * Never handles a request. Read next: all.ts, document.ts; a file per area beside it.
 */
import { z } from 'zod'
import type { Role } from '../../contract/access-keys.ts'

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'

/** Which keys a request must carry. `api`: the API key alone. */
export type Keys = 'none' | 'api' | 'both'

export type Operation = Readonly<{
  method: Method
  /** As OpenAPI writes it: `/api/v1/monitor/{id}`. */
  path: string
  tag: string
  summary: string
  keys: Keys
  /** The least role that may do it; of operations with both keys. */
  role: Role
  query: z.ZodObject | null
  /** null = it takes none. */
  body: z.ZodType | null
  bodyRequired: boolean
  /** By status. null = without a body; a text = of that media type. */
  answers: Readonly<Record<number, z.ZodType | string | null>>
  /** Statuses of refusals, each with `{"errors": […]}`. */
  errors: readonly number[]
}>

/** What an area's file says of an operation; the rest follows. */
export type Written = Readonly<{
  summary: string
  answers: Operation['answers']
  keys?: Keys
  role?: Role
  query?: z.ZodObject
  body?: z.ZodType
  bodyOptional?: true
  /** Beside those that any such request may come to. */
  errors?: readonly number[]
}>

/** By method and path: `GET /api/v1/monitor`. */
export type Area = Readonly<Record<string, Written>>

/** `{"errors": […]}`, as every refusal. */
export const errorsAnswer = z
  .strictObject({ errors: z.array(z.string()).min(1) })
  .meta({ id: 'Errors', description: 'What is wrong, as sentences.' })

/** The operations of an area, in their order. */
export function operationsOf(tag: string, area: Area): Operation[] {
  return Object.entries(area).map(([name, written]) => {
    const [, verb = '', path = ''] = /^(\w+) (\S+)$/.exec(name) ?? []
    const method = methodOf(verb)
    const { keys = 'both', role = method === 'get' ? 'viewer' : 'editor', query = null, body = null } = written
    const errors = [...new Set([...usualErrors(keys, path, body !== null, query !== null), ...(written.errors ?? [])])]
    return {
      method,
      path,
      tag,
      summary: written.summary,
      keys,
      role,
      query,
      body,
      bodyRequired: body !== null && written.bodyOptional !== true,
      answers: written.answers,
      errors: errors.sort((one, other) => one - other),
    }
  })
}

function methodOf(verb: string): Method {
  const method = (['get', 'post', 'put', 'patch', 'delete'] as const).find((name) => name === verb.toLowerCase())
  if (method === undefined) throw new RangeError(`no method of HTTP that we use: ${verb}`)
  return method
}

/** Any request: too much in its address and headers, too many. With keys: unknown ones, an outage. Bodies are read before routes, so they are refused alike. */
function usualErrors(keys: Keys, path: string, hasBody: boolean, hasQuery: boolean): readonly number[] {
  const inPath = path.includes('{') ? [400, 404] : []
  if (keys === 'none') return [...inPath, 429, 431]
  const body = hasBody || keys === 'both' ? [400, 413, 415] : []
  return [...(hasQuery ? [400] : []), 401, 403, ...inPath, ...body, 429, 431, 503]
}
