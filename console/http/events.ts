/**
 * What the API tells as it happens. One connection a page, none while nobody sees the page; after a while away everything counts as changed.
 * Never decides what is shown: ../shell/live.ts does. Read next: api/routes/events.ts.
 */
import * as z from 'zod/mini'

const at = z.string()
const status = z.object({ monitor_id: z.number(), status: z.string(), name: z.string(), at })
const transition = z.object({ monitor_id: z.number(), group: z.string(), from: z.string(), to: z.string(), at })
const action = z.object({ action: z.string(), actor: z.string(), monitor_id: z.nullable(z.number()), at })

export type ApiEvent =
  | Readonly<{ kind: 'status' } & z.output<typeof status>>
  | Readonly<{ kind: 'transition' } & z.output<typeof transition>>
  | Readonly<{ kind: 'action' } & z.output<typeof action>>
  /** Something was missed: look at everything anew. */
  | Readonly<{ kind: 'reset' }>

export type Watched = Readonly<{ onEvent: (event: ApiEvent) => void; onLive: (live: boolean) => void }>

const address = '/api/v2/events/stream'
/** A glance at another window needn't cost a connection. */
const hiddenMs = 30_000

/** Watches until the answer is called. */
export function watchEvents({ onEvent, onLive }: Watched): () => void {
  let source: EventSource | null = null
  let last = ''
  let hiding: ReturnType<typeof setTimeout> | undefined

  const close = (): void => {
    source?.close()
    source = null
    onLive(false)
  }
  const open = (): void => {
    if (source !== null) return
    const opened = new EventSource(last === '' ? address : `${address}?after=${encodeURIComponent(last)}`)
    source = opened
    const listen = (name: string, parse: (data: unknown) => ApiEvent | null): void => {
      opened.addEventListener(name, (message) => {
        last = message.lastEventId
        const event = parse(dataOf(message))
        if (event !== null) onEvent(event)
      })
    }
    opened.addEventListener('open', () => onLive(true))
    opened.addEventListener('error', () => {
      onLive(false)
      // The browser tries again by itself, unless it was refused.
      if (opened.readyState === EventSource.CLOSED) source = null
    })
    listen('here', () => null)
    listen('reset', () => ({ kind: 'reset' }))
    listen('status', (data) => parsed(status, data, (found) => ({ kind: 'status', ...found })))
    listen('transition', (data) => parsed(transition, data, (found) => ({ kind: 'transition', ...found })))
    listen('action', (data) => parsed(action, data, (found) => ({ kind: 'action', ...found })))
  }
  const onVisibility = (): void => {
    clearTimeout(hiding)
    if (document.visibilityState === 'visible') open()
    else hiding = setTimeout(close, hiddenMs)
  }

  document.addEventListener('visibilitychange', onVisibility)
  open()
  return () => {
    clearTimeout(hiding)
    document.removeEventListener('visibilitychange', onVisibility)
    close()
  }
}

function dataOf(message: MessageEvent<unknown>): unknown {
  try {
    return JSON.parse(String(message.data))
  } catch {
    return null
  }
}

function parsed<Shape extends z.ZodMiniType>(shape: Shape, data: unknown, toEvent: (found: z.output<Shape>) => ApiEvent): ApiEvent | null {
  const result = shape.safeParse(data)
  return result.success ? toEvent(result.data) : null
}
