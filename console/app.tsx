import { useQuery } from '@tanstack/react-query'
import { sessionQuery } from './data/session.ts'
import { SignIn } from './pages/sign-in/page.tsx'
import { Shell } from './shell/shell.tsx'
import { Problem, Skeleton } from './ui/notes.tsx'

/** The sign-in page, or everything else. */
export function App() {
  const { data, error, isPending, refetch } = useQuery(sessionQuery)
  if (isPending) return <Skeleton rows={4} />
  if (error !== null && data === undefined) {
    return (
      <main className="page">
        <Problem error={error} retry={() => void refetch()} />
      </main>
    )
  }
  return data ? <Shell session={data} /> : <SignIn />
}
