/** Every kind of fault, as `--faults` names them. What each does is in the files beside this one, listed in catalog.ts. */
export const faultNames = [
  'kill-worker',
  'stop-worker',
  'kill-api',
  'kill-postgres',
  'kill-temporal',
  'cut',
  'slow',
  'reset',
  'half-open',
  'source-500',
  'source-hang',
  'source-garbage',
  'source-half',
  'receiver-down',
  'receiver-hang',
  'receiver-429',
  'edits',
  'workflow-reset',
  'reshard',
  'clock',
  'disk-full',
  'deploy',
] as const

export type FaultName = (typeof faultNames)[number]
