import type { Meter } from '@opentelemetry/api'

/** What waits to be delivered, of the whole engine: each worker reads the same tables. */
export type DeliveryBacklog = Readonly<{
  open: number
  /** How long ago the oldest open one was planned; 0 = none is open. */
  oldestSeconds: number
  /** Given up within the last day, and not taken up again. */
  dead: number
}>

/** `states`: task queue → state of its Worker as the SDK names it; asked at each scrape. */
export type WorkerMetrics = Readonly<{ backlog: (backlog: DeliveryBacklog) => void }>

/** What a worker process says of itself and of what waits for it. Names of task queues are configuration: a label like any other. */
export function workerMetrics(meter: Meter, states: () => Readonly<Record<string, string>>): WorkerMetrics {
  const served = meter.createObservableGauge('tocsin_queue_served', {
    description: '1 while this process polls a task queue, 0 while it starts or ends',
  })
  served.addCallback((result) => {
    for (const [queue, state] of Object.entries(states())) result.observe(state === 'RUNNING' ? 1 : 0, { queue })
  })
  const open = meter.createGauge('tocsin_deliveries_open', { description: 'Deliveries that wait for their first or next try' })
  const oldest = meter.createGauge('tocsin_deliveries_oldest_seconds', { description: 'How long the oldest open delivery has waited' })
  const dead = meter.createGauge('tocsin_deliveries_dead', {
    description: 'Deliveries that were given up within the last day, and not taken up again',
  })
  return {
    backlog(backlog) {
      open.record(backlog.open)
      oldest.record(backlog.oldestSeconds)
      dead.record(backlog.dead)
    },
  }
}
