/**
 * Names under which answers are remembered. The first part is the noun by which events renew them: `monitor.updated` renews all of
 * `monitors`. Read next: ../shell/live.ts.
 */
export const keys = {
  session: ['session'],
  monitors: ['monitors'],
  monitorPage: (search: MonitorListSearch, page: number) => ['monitors', 'list', search, page],
  /** One monitor, and what is asked about it: renewed with all monitors. */
  monitor: (id: number, ...what: readonly unknown[]) => ['monitors', 'one', id, ...what],
  /** Drawn by its source, which costs: renewed by time alone. */
  drawing: (id: number, range: string, group: string | null) => ['drawings', id, range, group],
  /** Messages of all monitors. */
  deliveries: ['deliveries'],
  delivery: (id: number) => ['deliveries', id],
  monitorFacets: (query: string) => ['monitors', 'facets', query],
  firing: (status: string) => ['monitors', 'firing', status],
  downtimes: (...what: readonly unknown[]) => ['downtimes', ...what],
  /** Asked while somebody plans one: nobody else's doing makes it another. */
  downtimePreview: (attributes: unknown) => ['downtime-preview', attributes],
  engine: ['engine'],
  /** By the nouns of their audit events: `api-key.created`. */
  accessKeys: (kind: 'api_keys' | 'application_keys') => [kind === 'api_keys' ? 'api-keys' : 'application-keys'],
  definition: (id: number) => ['monitors', 'definition', id],
  handles: ['receivers', 'handles'],
  receivers: ['receivers', 'list'],
  receiver: (name: string) => ['receivers', 'one', name],
  sources: ['sources', 'list'],
  source: (name: string) => ['sources', 'one', name],
  deliveryPages: (search: DeliverySearch) => ['deliveries', 'list', search],
  /** As in `notification-rule.created`. */
  rules: ['notification-rules'],
  matching: (scope: string) => ['monitors', 'matching', scope],
  /** What is asked while somebody writes: nobody else's doing makes it another. */
  editor: (...what: readonly unknown[]) => ['editor', ...what],
} as const

/** Empty = all. `status`: names with commas. */
export type DeliverySearch = Readonly<{ receiver: string; status: string; monitor_id: string; group: string }>

export type MonitorListSearch = Readonly<{ query: string; sort: string }>
