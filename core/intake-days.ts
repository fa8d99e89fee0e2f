/** How long what clients push is kept, in whole days, by kind. The environment may say otherwise (config.ts). */
export type IntakeDays = Readonly<{ metrics: number; checks: number; events: number; logs: number }>

/**
 * Metrics: a window of a week, the same window a week before (for comparisons), and a day for evaluations that are caught up. The
 * others as Datadog keeps logs.
 */
export const defaultIntakeDays: IntakeDays = { metrics: 15, checks: 15, events: 15, logs: 15 }
