/**
 * Where the reader is. The address holds everything that a page shows, so that each view can be sent, kept and gone back to.
 * Read next: link.tsx, ../pages.ts.
 */
import { useSyncExternalStore } from 'react'

const moved = new EventTarget()

/** `replace`: where going back should skip it, as while somebody types. */
export function navigate(to: string, { replace = false }: Readonly<{ replace?: boolean }> = {}): void {
  if (replace) history.replaceState(null, '', to)
  else history.pushState(null, '', to)
  moved.dispatchEvent(new Event('moved'))
}

export function usePath(): string {
  return useSyncExternalStore(subscribe, () => location.pathname)
}

export type SetSearch = (changes: Readonly<Record<string, string | null>>, how?: Readonly<{ replace?: boolean }>) => void

/** The parameters of the address, and how to change some of them; null or an empty text takes one away. */
export function useSearch(): readonly [URLSearchParams, SetSearch] {
  const text = useSyncExternalStore(subscribe, () => location.search)
  return [new URLSearchParams(text), setSearch]
}

const setSearch: SetSearch = (changes, how) => {
  const search = new URLSearchParams(location.search)
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === '') search.delete(name)
    else search.set(name, value)
  }
  navigate(`${location.pathname}${search.size === 0 ? '' : `?${search}`}`, how)
}

function subscribe(listener: () => void): () => void {
  moved.addEventListener('moved', listener)
  window.addEventListener('popstate', listener)
  return () => {
    moved.removeEventListener('moved', listener)
    window.removeEventListener('popstate', listener)
  }
}
