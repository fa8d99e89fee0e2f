export const engineKeys = { apiKey: 'api-key-of-the-engine-tests', appKey: 'application-key-of-the-engine-tests' } as const

/** Whatever JSON an answer holds: tests look into it freely. */
type Json = ReturnType<typeof JSON.parse>

export type Point = Readonly<{ value: number; agoS?: number }>

export type ApiClient = Readonly<{
  /** With both keys. Rejects unless the answer is 2xx. */
  send: (method: string, path: string, body?: unknown) => Promise<Json>
  /** Pushes points of a metric for one host, as an agent does. */
  push: (metric: string, host: string, points: readonly Point[]) => Promise<void>
  /** `group_states=all` of a monitor: group → status. */
  groups: (monitorId: number) => Promise<Readonly<Record<string, string>>>
}>

export function apiClient(url: string): ApiClient {
  async function send(method: string, path: string, body?: unknown): Promise<Json> {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', 'dd-api-key': engineKeys.apiKey, 'dd-application-key': engineKeys.appKey },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: HTTP ${response.status} ${text}`)
    return text === '' ? null : JSON.parse(text)
  }
  return {
    send,
    push: async (metric, host, points) => {
      const nowS = Math.floor(Date.now() / 1_000)
      const stamped = points.map(({ value, agoS = 0 }) => ({ timestamp: nowS - agoS, value }))
      await send('POST', '/api/v2/series', { series: [{ metric, type: 3, points: stamped, resources: [{ type: 'host', name: host }] }] })
    },
    groups: async (monitorId) => {
      const { state } = await send('GET', `/api/v1/monitor/${monitorId}?group_states=all`)
      const groups: Json[] = Object.values(state.groups)
      return Object.fromEntries(groups.map((group) => [group.name, group.status]))
    },
  }
}
