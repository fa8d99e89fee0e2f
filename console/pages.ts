/**
 * Every page of the console by its address, loaded when it is first opened. A page is here, in contract/console.ts and in a folder of
 * `pages/`. Read next: README.md, shell/shell.tsx.
 */
import { type ComponentType, lazy } from 'react'
import type { ConsolePath } from '../contract/console.ts'
import type { IconName } from './ui/icon.tsx'

export type PageProps = Readonly<{ parameters: Readonly<Record<string, string>> }>

export type Registered = Readonly<{
  Page: ComponentType<PageProps>
  /** Where it stands in the navigation, and the second key after `g` that leads there; null = nowhere. */
  nav: Readonly<{ label: string; icon: IconName; key: string }> | null
}>

const page = (load: () => Promise<{ default: ComponentType<PageProps> }>, nav: Registered['nav'] = null): Registered => ({
  Page: lazy(load),
  nav,
})

export const pages: Readonly<Record<Exclude<ConsolePath, '/' | '/sign-in'>, Registered>> = {
  '/monitors': page(() => import('./pages/monitors/page.tsx'), { label: 'Monitors', icon: 'monitors', key: 'm' }),
  '/incidents': page(() => import('./pages/incidents/page.tsx'), { label: 'Incidents', icon: 'incidents', key: 'i' }),
  '/receivers': page(() => import('./pages/receivers/page.tsx'), { label: 'Receivers', icon: 'receivers', key: 'r' }),
  '/downtimes': page(() => import('./pages/downtimes/page.tsx'), { label: 'Downtimes', icon: 'downtimes', key: 'd' }),
  '/deliveries': page(() => import('./pages/deliveries/page.tsx'), { label: 'Deliveries', icon: 'file', key: 'l' }),
  '/sources': page(() => import('./pages/sources/page.tsx'), { label: 'Sources', icon: 'sources', key: 's' }),
  '/engine': page(() => import('./pages/engine/page.tsx'), { label: 'Engine', icon: 'engine', key: 'e' }),
  '/keys': page(() => import('./pages/keys/page.tsx'), { label: 'Keys', icon: 'keys', key: 'k' }),
  '/receivers/new': page(() => import('./pages/receiver/page.tsx')),
  '/receivers/:name': page(() => import('./pages/receiver/page.tsx')),
  '/sources/new': page(() => import('./pages/source/page.tsx')),
  '/sources/:name': page(() => import('./pages/source/page.tsx')),
  '/monitors/new': page(() => import('./pages/monitor-edit/page.tsx')),
  '/monitors/:id/edit': page(() => import('./pages/monitor-edit/page.tsx')),
  '/monitors/:id': page(() => import('./pages/monitor/page.tsx')),
}
