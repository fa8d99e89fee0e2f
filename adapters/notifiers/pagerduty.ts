/**
 * Triggers and resolves over PagerDuty's Events API v2, under the episode's key, so a repeat opens nothing new.
 * Never acknowledges: that is for people. Read next: incident.ts (when), pagerduty-event.ts (what), contract/receivers/pagerduty.ts.
 */
import type { DeliveryReceipt, Notifier } from '../../activities/notification-ports.ts'
import { pagerdutyConfig, pagerdutyRefusal } from '../../contract/receivers/pagerduty.ts'
import { policyOf } from '../../core/delivery/policy.ts'
import { type HttpFetch, request } from '../http/fetch.ts'
import { stepsOf } from './incident.ts'
import { eventOf } from './pagerduty-event.ts'
import { answerOf, configOf, receiptOf, type Said } from './receipt.ts'

/** Answers are a line of JSON. */
const answerBytesMax = 2_048

export function pagerdutyNotifier(clock: () => number, send: HttpFetch = request): Notifier {
  return {
    kind: 'pagerduty',
    markup: 'plain',
    incidents: true,
    async deliver(message, receiver) {
      const read = configOf(receiver, pagerdutyConfig)
      if (!read.ok) return read.receipt
      const { routing_key, api_url } = read.config
      const { steps, refused, reason } = stepsOf(message)
      if (refused) return { kind: 'refused', reason }
      let receipt: DeliveryReceipt = { kind: 'delivered', detail: reason }
      for (const step of steps) {
        const reply = await send({
          url: `${api_url}/v2/enqueue`,
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(eventOf(step, message, routing_key)),
          timeoutMs: policyOf(receiver).timeoutMs,
          maxBytes: answerBytesMax,
        })
        receipt = receiptOf(reply, { nowMs: clock(), secrets: [routing_key], read: said })
        if (receipt.kind !== 'delivered') return receipt
      }
      return steps.at(-1) === 'open' ? { ...receipt, reference: { dedup_key: message.episode.key } } : receipt
    },
  }
}

/** `{"status": "invalid event", "message": …, "errors": […]}` */
function said(body: string): Said {
  const answer = answerOf(body, pagerdutyRefusal)
  return answer === null ? {} : { reason: [answer.message, ...(answer.errors ?? [])].join('; ') }
}
