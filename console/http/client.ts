/**
 * The one way the console asks the API. The session's cookie goes along by itself; the header says that this page asks.
 * Never holds a key, never shows an answer whose shape isn't the expected one. Read next: ../data/, events.ts.
 */
import * as z from 'zod/mini'

// zod would look for a faster way that the page's policy forbids.
z.config({ jitless: true })

/** What the API refused, in its own sentences. `status` 0 = there was no answer. */
export class ApiProblem extends Error {
  readonly status: number
  readonly sentences: readonly string[]

  constructor(status: number, sentences: readonly string[], options: ErrorOptions = {}) {
    super(sentences.join('; '), options)
    this.name = 'ApiProblem'
    this.status = status
    this.sentences = sentences
  }
}

export type Asked = Readonly<{
  query?: Readonly<Record<string, string | number | boolean | undefined>>
  body?: unknown
  signal?: AbortSignal
}>

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Rejects with an ApiProblem. */
export async function request<Shape extends z.ZodMiniType>(
  shape: Shape,
  method: Method,
  path: string,
  asked: Asked = {},
): Promise<z.output<Shape>> {
  const response = await ask(method, `${path}${searchOf(asked.query)}`, asked)
  const answer = await jsonOf(response)
  if (!response.ok) throw new ApiProblem(response.status, sentencesOf(answer, response.status))
  const parsed = shape.safeParse(answer)
  if (!parsed.success) {
    throw new ApiProblem(
      response.status,
      [`The answer to ${method} ${path} is not as this page expects: reload it, it may be older than the API`],
      {
        cause: parsed.error,
      },
    )
  }
  return parsed.data
}

/** Where the answer says nothing that matters. */
export const nothing = z.unknown()

/** What to show people of whatever went wrong. */
export function sentencesOfError(error: unknown): readonly string[] {
  return error instanceof ApiProblem ? error.sentences : [String(error)]
}

async function ask(method: Method, address: string, { body, signal }: Asked): Promise<Response> {
  const headers = { 'x-tocsin-console': '1', ...(body === undefined ? {} : { 'content-type': 'application/json' }) }
  try {
    return await fetch(address, {
      method,
      headers,
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new ApiProblem(0, ['The API gives no answer. This page tries again by itself.'], { cause: error })
  }
}

async function jsonOf(response: Response): Promise<unknown> {
  const text = await response.text()
  if (text === '') return null
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const refusal = z.object({ errors: z.array(z.string()) })

function sentencesOf(answer: unknown, status: number): readonly string[] {
  const parsed = refusal.safeParse(answer)
  return parsed.success ? parsed.data.errors : [`The API answered with status ${status} and no reason`]
}

function searchOf(query: Asked['query']): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) if (value !== undefined) search.set(name, String(value))
  return search.size === 0 ? '' : `?${search}`
}
