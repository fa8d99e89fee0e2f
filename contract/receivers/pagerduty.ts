import { z } from 'zod'
import { endpointUrl } from './endpoint.ts'
import type { ReceiverKind } from './kind.ts'

/** PagerDuty's Events API, version 2. */
export const pagerdutyConfig = z.strictObject({
  /** The integration key of a service, or of a global event orchestration. */
  routing_key: z.string().regex(/^[A-Za-z0-9_-]{20,64}$/, 'expected the integration key of an Events API v2 integration (32 characters)'),
  /** https://events.eu.pagerduty.com for accounts of the EU region. */
  api_url: endpointUrl('https://events.pagerduty.com').default('https://events.pagerduty.com'),
})

export const pagerdutyKind: ReceiverKind = { kind: 'pagerduty', config: pagerdutyConfig, secrets: ['routing_key'] }

/** What it answers to an event that it doesn't take. */
export const pagerdutyRefusal = z.object({ message: z.string(), errors: z.array(z.string()).optional() })
