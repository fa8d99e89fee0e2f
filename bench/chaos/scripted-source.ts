/**
 * A source with the API of Prometheus, which answers by the script, and does what faults ask of it.
 * Never knows what time it is: what is asked is as of a time. Read next: script.ts, faults/peers.ts.
 */
import { assertNever } from '../../core/assert.ts'
import { type Asked, type Peer, startPeer } from './peer.ts'
import { type ScriptPace, valuesAt } from './script.ts'

export type SourceMode = 'answers' | '500' | 'hang' | 'garbage' | 'half'

export type ScriptedSource = Peer<SourceMode>

/** What the source must be asked with: it must stand in no log. */
export const sourceToken = 'chaos-source-token-5f0c1e7a9b'

export async function startScriptedSource(seed: number, pace: ScriptPace): Promise<ScriptedSource> {
  return startPeer<SourceMode>('answers', (asked) => {
    const path = asked.req.url ?? ''
    const parameters = new URLSearchParams(path.includes('?') ? path.slice(path.indexOf('?') + 1) : asked.body.toString('utf8'))
    const body = JSON.stringify({ status: 'success', data: answerTo(seed, pace, parameters) })
    if (asked.req.headers.authorization !== `Bearer ${sourceToken}`) asked.res.writeHead(401).end()
    else behave(asked, body)
  })
}

function behave({ res, mode, hang }: Asked<SourceMode>, body: string): void {
  const json = { 'content-type': 'application/json' }
  switch (mode) {
    case 'answers':
      res.writeHead(200, json).end(body)
      return
    case '500':
      res.writeHead(500, json).end('{"status":"error","error":"chaos"}')
      return
    case 'hang':
      hang()
      return
    case 'garbage':
      res.writeHead(200, json).end('<html>{"status":"success","data":')
      return
    case 'half':
      // Announced whole, and cut: an answer that ends here is no answer.
      res.writeHead(200, { ...json, 'content-length': String(Buffer.byteLength(body)) })
      res.write(body.slice(0, Math.floor(body.length / 2)), () => res.destroy())
      return
    default:
      assertNever(mode)
  }
}

function answerTo(seed: number, pace: ScriptPace, parameters: URLSearchParams): unknown {
  const index = Number(/monitor="(\d+)"/.exec(parameters.get('query') ?? '')?.[1] ?? Number.NaN)
  const time = parameters.get('time')
  const times = time === null ? rangeOf(parameters) : [Math.round(Number(time) * 1_000)]
  const series = new Map<string, [number, string][]>()
  for (const atMs of times) {
    for (const [host, value] of Object.entries(valuesAt(seed, index, atMs, pace))) {
      const points = series.get(host) ?? []
      points.push([atMs / 1_000, String(value)])
      series.set(host, points)
    }
  }
  const result = [...series].map(([host, points]) => ({
    metric: { host },
    ...(time === null ? { values: points } : { value: points[0] }),
  }))
  return { resultType: time === null ? 'matrix' : 'vector', result }
}

/** Times are multiples of a step after the start, in whole ms. */
function rangeOf(parameters: URLSearchParams): number[] {
  const [start = 0, end = 0, step = 1_000] = ['start', 'end', 'step'].map((name) => Math.round(Number(parameters.get(name)) * 1_000))
  return Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, nth) => start + nth * step)
}
