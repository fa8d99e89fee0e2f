import { z } from 'zod'
import { endpointUrl, secretText } from './endpoint.ts'
import type { ReceiverKind } from './kind.ts'

/** As Opsgenie's. */
const respondersMax = 50
const tagsMax = 20
const tagCharsMax = 50

const responderTypes = ['team', 'user', 'escalation', 'schedule'] as const
const name = z.string().min(1).max(255)

/** By id, by name (teams, escalations, schedules) or by address (users). */
const responder = z
  .strictObject({ type: z.enum(responderTypes), id: name.optional(), name: name.optional(), username: name.optional() })
  .superRefine(({ type, id, name: named, username }, context) => {
    const given = [id, named, username].filter((one) => one !== undefined)
    if (given.length !== 1) context.addIssue({ code: 'custom', message: 'expected exactly one of id, name and username' })
    else if (type === 'user' ? named !== undefined : username !== undefined)
      context.addIssue({ code: 'custom', message: 'a user has an id or a username, the others an id or a name' })
  })

/** Opsgenie's Alert API, version 2; also that of Jira Service Management, which took it over. */
export const opsgenieConfig = z.strictObject({
  /** Of an API integration. */
  api_key: secretText,
  /** https://api.eu.opsgenie.com for accounts of the EU region, https://api.atlassian.com/jsm/ops/integration for Jira Service Management. */
  api_url: endpointUrl('https://api.opsgenie.com').default('https://api.opsgenie.com'),
  responders: z.array(responder).max(respondersMax).optional(),
  /** Set on each alert beside the monitor's own. */
  tags: z.array(z.string().min(1).max(tagCharsMax)).max(tagsMax).optional(),
})
export type OpsgenieConfig = z.infer<typeof opsgenieConfig>

export const opsgenieKind: ReceiverKind = { kind: 'opsgenie', config: opsgenieConfig, secrets: ['api_key'] }

/** What it answers to what it has taken and will do in a moment. */
export const opsgenieAccepted = z.object({ requestId: z.string().min(1).max(200) })
/** What it answers to what it doesn't take. */
export const opsgenieRefusal = z.object({ message: z.string(), errors: z.record(z.string(), z.string()).optional() })
