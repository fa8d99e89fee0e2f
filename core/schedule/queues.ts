/** Task queues of a cell. Notifications have their own, so that a slow receiver never delays an evaluation. */
export const taskQueues = {
  monitors: (shard: number): string => `tocsin-monitors-${shard}`,
  notify: 'tocsin-notify',
  control: 'tocsin-control',
  /** Of workers near a source, by the name that the source has for them. */
  source: (name: string): string => `tocsin-source-${name}`,
} as const
