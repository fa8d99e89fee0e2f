import { useState } from 'react'
import type { Session } from '../data/session.ts'
import { pages } from '../pages.ts'
import { Link } from '../router/link.tsx'
import { usePath } from '../router/location.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Kbd } from '../ui/kbd.tsx'
import { useIsLive } from './live.ts'
import './nav.css'

type Given = Readonly<{ session: Session; onPalette: () => void; onHelp: () => void; onSignOut: () => void }>

/** The pages, and who is signed in; on a phone a bar with a menu. */
export function Nav({ session, onPalette, onHelp, onSignOut }: Given) {
  const path = usePath()
  const [open, setOpen] = useState(false)
  const live = useIsLive()
  return (
    <nav className={`nav${open ? ' nav-open' : ''}`} aria-label="Pages">
      <div className="nav-top">
        <span className="nav-name">
          <Icon name="bell" /> Tocsin
        </span>
        <Button className="nav-menu" kind="quiet" icon="menu" aria-label="Menu" aria-expanded={open} onClick={() => setOpen(!open)} />
      </div>
      <div className="nav-rest">
        <button type="button" className="nav-search" onClick={onPalette}>
          <Icon name="search" /> Search <Kbd keys="Mod+K" />
        </button>
        <ul>
          {Object.entries(pages).map(([to, { nav }]) =>
            nav === null ? null : (
              <li key={to}>
                <Link href={to} className="nav-link" aria-current={isWithin(path, to) ? 'page' : undefined} onClick={() => setOpen(false)}>
                  <Icon name={nav.icon} /> {nav.label}
                </Link>
              </li>
            ),
          )}
          <li>
            <a className="nav-link" href="/api/docs" target="_blank" rel="noopener">
              <Icon name="book" /> API reference
            </a>
          </li>
        </ul>
        <div className="nav-foot">
          <p className="nav-live" title={live ? 'Changes appear by themselves' : 'No connection for changes: the page asks now and then'}>
            <span className={live ? 'nav-dot nav-dot-live' : 'nav-dot'} /> {live ? 'Live' : 'Connecting'}
          </p>
          <p className="nav-who">
            <span className="cut" title={session.name}>
              {session.name}
            </span>
            <span className="soft">{session.role}</span>
            <Button kind="quiet" aria-label="Keys" title="Keys" onClick={onHelp}>
              ?
            </Button>
            <Button kind="quiet" icon="exit" aria-label="Sign out" title="Sign out" onClick={onSignOut} />
          </p>
        </div>
      </div>
    </nav>
  )
}

function isWithin(path: string, page: string): boolean {
  return path === page || path.startsWith(`${page}/`)
}
