/**
 * Handles without a receiver of their own: an address of mail goes through the receiver `email`, `slack-CHANNEL` through the receiver
 * `slack`. Never opens a configuration it needn't. Read next: adapters/postgres/queries/receivers.ts.
 */
export type StandIn = Readonly<{
  /** Its name, which is that of its kind, too. */
  receiver: 'email' | 'slack'
  /** What of its configuration is replaced. */
  config: Readonly<Record<string, unknown>>
}>

/** Who may take messages for a handle that no receiver is named after; null = nobody. */
export function standInFor(handle: string): StandIn | null {
  if (/^[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+$/.test(handle)) return { receiver: 'email', config: { to: [handle] } }
  const [, channel] = /^slack-(.+)$/.exec(handle) ?? []
  return channel === undefined ? null : { receiver: 'slack', config: { channel } }
}

/** Whether a receiver can do so: an incoming webhook of Slack has its channel for good. */
export function standsIn(name: string, kind: string, config: Readonly<Record<string, unknown>>): boolean {
  if (name !== kind) return false
  return kind === 'email' || (kind === 'slack' && typeof config.token === 'string')
}
