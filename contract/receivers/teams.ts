import { z } from 'zod'
import { httpAddress } from './address.ts'
import type { ReceiverKind } from './kind.ts'

/** The address of a workflow that posts to a chat or a channel when it gets a webhook request. */
export const teamsConfig = z.strictObject({ webhook_url: httpAddress })

export const teamsKind: ReceiverKind = { kind: 'teams', config: teamsConfig, secrets: ['webhook_url'] }
