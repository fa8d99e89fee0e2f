import { z } from 'zod'
import { endpointUrl, secretText } from './endpoint.ts'
import type { ReceiverKind } from './kind.ts'

/** Of a cluster each one is sent everything, as Prometheus does; clusters have three, seldom five. */
const urlsMax = 10
const labelsMax = 20
const labelCharsMax = 200

const labelName = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]{0,99}$/, 'expected the name of a label: letters, digits and _')
const labelText = z.string().min(1).max(labelCharsMax)
const severityText = z.string().regex(/^[\x21-\x7e]{1,50}$/, 'expected up to 50 printable characters without blanks')

/** Alertmanager, version 2 of its API; also Mimir's and Grafana's, which speak it. */
export const alertmanagerConfig = z
  .strictObject({
    urls: z.array(endpointUrl('https://alertmanager.example.com:9093')).min(1).max(urlsMax),
    username: z.string().min(1).max(255).optional(),
    password: secretText.optional(),
    bearer_token: secretText.optional(),
    /** Sent as X-Scope-OrgID: Mimir tells tenants apart by it. */
    tenant: z
      .string()
      .regex(/^[\x21-\x7e]{1,150}$/, 'expected up to 150 printable characters without blanks')
      .optional(),
    /** Set on each alert, where the alert has no label of that name itself. */
    labels: z
      .record(labelName, labelText)
      .refine((labels) => Object.keys(labels).length <= labelsMax, `expected at most ${labelsMax} labels`)
      .optional(),
    /** The label `severity` by status. */
    severities: z
      .strictObject({
        alert: severityText.default('critical'),
        warn: severityText.default('warning'),
        no_data: severityText.default('warning'),
        unknown: severityText.default('warning'),
      })
      .prefault({}),
  })
  .superRefine(({ username, password, bearer_token }, context) => {
    if (bearer_token !== undefined && username !== undefined)
      context.addIssue({ code: 'custom', path: ['bearer_token'], message: 'expected either username and password, or bearer_token' })
    if ((username === undefined) !== (password === undefined))
      context.addIssue({ code: 'custom', path: ['password'], message: 'username and password go together' })
  })
export type AlertmanagerConfig = z.infer<typeof alertmanagerConfig>

export const alertmanagerKind: ReceiverKind = { kind: 'alertmanager', config: alertmanagerConfig, secrets: ['password', 'bearer_token'] }
