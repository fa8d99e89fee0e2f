/** Views that somebody saved: a name and what follows the `?` of the address. Kept in this browser; names are no secrets. */
import { useSyncExternalStore } from 'react'
import * as z from 'zod/mini'

export type View = Readonly<{ name: string; search: string }>

const storedUnder = 'tocsin.monitor-views'
const stored = z.array(z.object({ name: z.string(), search: z.string() }))
/** More buttons than this nobody finds anything among. */
export const viewsMax = 20

/** What everybody needs. */
export const givenViews: readonly View[] = [
  { name: 'All', search: '' },
  { name: 'Firing', search: '?q=status%3A%28alert+OR+warn%29' },
  { name: 'No data', search: '?q=status%3A%22no+data%22' },
  { name: 'Muted', search: '?q=muted%3Atrue' },
]

export function useViews(): readonly View[] {
  const text = useSyncExternalStore(subscribe, read)
  return parse(text)
}

export function saveView(view: View): void {
  const others = parse(read()).filter(({ name }) => name !== view.name)
  write([...others, view].slice(-viewsMax))
}

export function forgetView(name: string): void {
  write(parse(read()).filter((view) => view.name !== name))
}

function parse(text: string): readonly View[] {
  try {
    const parsed = stored.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : []
  } catch {
    return []
  }
}

/** A browser may be told to keep nothing. */
function read(): string {
  try {
    return localStorage.getItem(storedUnder) ?? '[]'
  } catch {
    return '[]'
  }
}

const changed = new EventTarget()

function write(views: readonly View[]): void {
  localStorage.setItem(storedUnder, JSON.stringify(views))
  changed.dispatchEvent(new Event('changed'))
}

function subscribe(listener: () => void): () => void {
  changed.addEventListener('changed', listener)
  // Another tab.
  window.addEventListener('storage', listener)
  return () => {
    changed.removeEventListener('changed', listener)
    window.removeEventListener('storage', listener)
  }
}
