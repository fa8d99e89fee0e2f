/**
 * What is around each page: the navigation, the palette, the keys, messages. Shows the page of the address, or that there is none.
 * Read next: ../pages.ts, commands.ts, live.ts.
 */
import { useQueryClient } from '@tanstack/react-query'
import { Suspense, useEffect, useState } from 'react'
import { matchConsolePath } from '../../contract/console.ts'
import { keys } from '../data/keys.ts'
import { type Session, signOut } from '../data/session.ts'
import { NotFound } from '../pages/not-found.tsx'
import { pages } from '../pages.ts'
import { navigate, usePath } from '../router/location.ts'
import { Skeleton } from '../ui/notes.tsx'
import { sayProblem, Toasts } from '../ui/toasts.tsx'
import { type Command, listenForKeys, useCommands } from './commands.ts'
import { Crash } from './crash.tsx'
import { Help } from './help.tsx'
import { useLiveUpdates } from './live.ts'
import { Nav } from './nav.tsx'
import { Palette } from './palette.tsx'
import './shell.css'

export function Shell({ session }: Readonly<{ session: Session }>) {
  const path = usePath()
  const [open, setOpen] = useState<'palette' | 'help' | null>(null)
  const client = useQueryClient()
  useLiveUpdates()
  useEffect(() => listenForKeys(), [])
  useEffect(() => {
    if (path === '/' || path === '/sign-in') navigate('/monitors', { replace: true })
  }, [path])

  const leave = async (): Promise<void> => {
    try {
      await signOut()
      // What one has seen, the next one may not see.
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== keys.session[0] })
      client.setQueryData(keys.session, null)
    } catch (error) {
      sayProblem(error, 'Signing out')
    }
  }
  useCommands([
    ...navCommands,
    { id: 'palette', label: 'Open the command palette', group: 'General', keys: 'Mod+K', run: () => setOpen('palette') },
    { id: 'help', label: 'Show all keys', group: 'General', keys: '?', run: () => setOpen('help') },
    { id: 'api', label: 'Open the API reference', group: 'Go to', run: () => window.open('/api/docs', '_blank', 'noopener') },
    { id: 'sign-out', label: 'Sign out', group: 'General', run: () => void leave() },
  ])

  return (
    <div className="shell">
      <a className="skip" href="#content">
        Skip to content
      </a>
      <Nav session={session} onPalette={() => setOpen('palette')} onHelp={() => setOpen('help')} onSignOut={() => void leave()} />
      <main id="content" tabIndex={-1}>
        <Crash key={path}>
          <Suspense fallback={<Skeleton rows={6} />}>
            <CurrentPage path={path} />
          </Suspense>
        </Crash>
      </main>
      {open === 'palette' ? <Palette onClose={() => setOpen(null)} /> : null}
      {open === 'help' ? <Help onClose={() => setOpen(null)} /> : null}
      <Toasts />
    </div>
  )
}

function CurrentPage({ path }: Readonly<{ path: string }>) {
  const match = matchConsolePath(path)
  if (match === null) return <NotFound />
  // On the way to the first page.
  if (match.path === '/' || match.path === '/sign-in') return null
  const { Page } = pages[match.path]
  return <Page key={match.path} parameters={match.parameters} />
}

const navCommands: readonly Command[] = Object.entries(pages).flatMap(([path, { nav }]) =>
  nav === null ? [] : [{ id: `go-${path}`, label: nav.label, group: 'Go to', keys: `g ${nav.key}`, run: () => navigate(path) }],
)
