/** What the console remembers of answers, and when it asks again. Read next: keys.ts, ../shell/live.ts. */
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { ApiProblem } from '../http/client.ts'
import { keys } from './keys.ts'

/** What is shown is renewed by events; without them this old it may become. */
const staleMs = 15_000
/** An outage is over in seconds, or is told. */
const triesMax = 2

export function createQueryClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: (error) => signOutIfRefused(client, error) }),
    mutationCache: new MutationCache({ onError: (error) => signOutIfRefused(client, error) }),
    defaultOptions: {
      queries: {
        staleTime: staleMs,
        refetchOnWindowFocus: true,
        retry: (count, error) => count < triesMax && isPassing(error),
      },
    },
  })
  return client
}

/** A session that has ended: the sign-in page takes over, and comes back here. */
function signOutIfRefused(client: QueryClient, error: unknown): void {
  if (error instanceof ApiProblem && error.status === 401) client.setQueryData(keys.session, null)
}

function isPassing(error: unknown): boolean {
  return error instanceof ApiProblem && (error.status === 0 || error.status === 503 || error.status === 429)
}
