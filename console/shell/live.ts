/**
 * Events become what is shown: a status changes where it stands at once, everything else that an event is about is asked for anew, at most
 * so often. Read next: ../http/events.ts, ../data/keys.ts.
 */
import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import { keys } from '../data/keys.ts'
import type { FoundMonitors } from '../data/monitors.ts'
import { type ApiEvent, watchEvents } from '../http/events.ts'

/** In a storm lists are asked for once in a while, not once an event. */
const renewMs = 2_000

let live = false
const listeners = new Set<() => void>()

/** Whether changes come by themselves now. */
export function useIsLive(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => live,
  )
}

/** Once, while somebody is signed in. */
export function useLiveUpdates(): void {
  const client = useQueryClient()
  useEffect(() => {
    const renewal = createRenewal(client)
    const stop = watchEvents({
      onEvent: (event) => {
        show(client, event)
        for (const noun of nounsOf(event)) renewal.ask(noun)
      },
      onLive: (now) => {
        // What happened while there was no connection is told by the stream; what it can't tell is old by now.
        if (now && !live) renewal.ask('monitors')
        live = now
        for (const listener of listeners) listener()
      },
    })
    return () => {
      stop()
      renewal.stop()
    }
  }, [client])
}

function show(client: QueryClient, event: ApiEvent): void {
  if (event.kind !== 'status') return
  client.setQueriesData<FoundMonitors>({ queryKey: [...keys.monitors, 'list'] }, (found) => {
    if (found === undefined || !found.monitors.some(({ id, status }) => id === event.monitor_id && status !== event.status)) return found
    const monitors = found.monitors.map((monitor) => (monitor.id === event.monitor_id ? { ...monitor, status: event.status } : monitor))
    return { ...found, monitors }
  })
}

/** Which answers are old after it: by the first part of their keys. null = all. */
function nounsOf(event: ApiEvent): readonly (string | null)[] {
  switch (event.kind) {
    case 'status':
    case 'transition':
      return ['monitors']
    case 'action': {
      const [noun = ''] = event.action.split('.')
      // A downtime mutes, and what is done to a monitor may be about a downtime.
      if (noun === 'downtime') return ['downtimes', 'monitors']
      return [noun === 'delivery' ? 'deliveries' : `${noun}s`]
    }
    case 'reset':
      return [null]
  }
}

type Renewal = Readonly<{ ask: (noun: string | null) => void; stop: () => void }>

/** The first at once, whatever follows together. */
function createRenewal(client: QueryClient): Renewal {
  const waiting = new Set<string | null>()
  let timer: ReturnType<typeof setTimeout> | null = null
  const renew = (): void => {
    timer = waiting.size === 0 ? null : setTimeout(renew, renewMs)
    for (const noun of waiting) void client.invalidateQueries(noun === null ? {} : { queryKey: [noun] })
    waiting.clear()
  }
  return {
    ask: (noun) => {
      waiting.add(noun)
      if (timer === null) renew()
    },
    stop: () => {
      if (timer !== null) clearTimeout(timer)
    },
  }
}
