/** Who is signed in. */
import { queryOptions } from '@tanstack/react-query'
import * as z from 'zod/mini'
import { ApiProblem, nothing, request } from '../http/client.ts'
import { keys } from './keys.ts'

const session = z.object({ name: z.string(), role: z.enum(['intake', 'viewer', 'editor', 'admin']) })
export type Session = z.output<typeof session>

/** null = nobody. */
export const sessionQuery = queryOptions({
  queryKey: keys.session,
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      return await request(session, 'GET', '/api/v2/session', { signal })
    } catch (error) {
      if (error instanceof ApiProblem && (error.status === 401 || error.status === 403)) return null
      throw error
    }
  },
})

export const signIn = (given: Readonly<{ api_key: string; application_key: string }>): Promise<Session> =>
  request(session, 'POST', '/api/v2/session', { body: given })

export const signOut = (): Promise<unknown> => request(nothing, 'DELETE', '/api/v2/session')
