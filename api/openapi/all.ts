/** Every operation of the API, area by area, as the document has them. A route that isn't here fails test/api/openapi.test.ts. */
import { accessOperations } from './access.ts'
import { downtimeOperations } from './downtimes.ts'
import { engineOperations } from './engine.ts'
import { intakeOperations, machineOperations } from './intake.ts'
import { lookOperations } from './look.ts'
import { monitorActionOperations } from './monitor-actions.ts'
import { monitorOperations } from './monitors.ts'
import type { Operation } from './operation.ts'
import { prometheusOperations } from './prometheus.ts'
import { receiverOperations } from './receivers.ts'
import { ruleOperations } from './rules.ts'

export const operations: readonly Operation[] = [
  ...monitorOperations,
  ...monitorActionOperations,
  ...lookOperations,
  ...downtimeOperations,
  ...ruleOperations,
  ...receiverOperations,
  ...prometheusOperations,
  ...accessOperations,
  ...engineOperations,
  ...intakeOperations,
  ...machineOperations,
]
