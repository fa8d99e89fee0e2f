/**
 * How a receiver is delivered to, as the API has it: names in snake_case, times in seconds. null is as absent: the default.
 * Read next: core/delivery/policy.ts, which says what each means.
 */
import { z } from 'zod'
import { type DeliveryPolicy, policyOf } from '../../core/delivery/policy.ts'

/** Longer than a minute no receiver should think before it answers; an attempt keeps a place until then. */
const timeoutSMax = 60
/** Of one receiver: connections to one address, in each worker. */
const concurrencyMax = 50
const ratePerMinuteMax = 100_000
/** A week: what is older belongs into a report. */
const giveUpSMax = 604_800
const failuresMax = 1_000
const messagesMax = 10_000
/** A day: what is counted longer than that is a quota. */
const budgetSMax = 86_400

const fallback = z.strictObject({
  /** A receiver's name, or an address where there is a receiver `email`. */
  receiver: z.string().min(1).max(300),
  after_failures: z.int().min(1).max(failuresMax).default(3),
})
const budget = z.strictObject({ messages: z.int().min(1).max(messagesMax), per: z.number().min(1).max(budgetSMax) })

export const policyBody = z.strictObject({
  timeout: z.number().min(0.1).max(timeoutSMax).nullish(),
  concurrency: z.int().min(1).max(concurrencyMax).nullish(),
  rate_per_minute: z.int().min(1).max(ratePerMinuteMax).nullish(),
  give_up_after: z.number().min(60).max(giveUpSMax).nullish(),
  fallback: fallback.nullish(),
  budget: budget.nullish(),
})
export type PolicyBody = z.output<typeof policyBody>

/** As it is stored: only what was said. */
export function storedPolicy(body: PolicyBody): Partial<DeliveryPolicy> {
  const { timeout, concurrency, rate_per_minute: rate, give_up_after: giveUp } = body
  return {
    ...(typeof timeout === 'number' ? { timeoutMs: ms(timeout) } : {}),
    ...(typeof concurrency === 'number' ? { concurrency } : {}),
    ...(typeof rate === 'number' ? { ratePerMinute: rate } : {}),
    ...(typeof giveUp === 'number' ? { giveUpAfterMs: ms(giveUp) } : {}),
    ...(body.fallback ? { fallback: { receiver: body.fallback.receiver, afterFailures: body.fallback.after_failures } } : {}),
    ...(body.budget ? { budget: { messages: body.budget.messages, perMs: ms(body.budget.per) } } : {}),
  }
}

/** Whole, defaults included. */
export function presentPolicy(policy: Partial<DeliveryPolicy>) {
  const { timeoutMs, concurrency, ratePerMinute, giveUpAfterMs, fallback, budget } = policyOf({ policy })
  return {
    timeout: timeoutMs / 1_000,
    concurrency,
    rate_per_minute: ratePerMinute,
    give_up_after: giveUpAfterMs / 1_000,
    fallback: fallback === null ? null : { receiver: fallback.receiver, after_failures: fallback.afterFailures },
    budget: budget === null ? null : { messages: budget.messages, per: budget.perMs / 1_000 },
  } satisfies Record<keyof PolicyBody, unknown>
}

/** As it was written: without defaults. */
export function writtenPolicy(policy: Partial<DeliveryPolicy>): Partial<PolicyBody> {
  const whole = presentPolicy(policy)
  return {
    ...(policy.timeoutMs === undefined ? {} : { timeout: whole.timeout }),
    ...(policy.concurrency === undefined ? {} : { concurrency: whole.concurrency }),
    ...(policy.ratePerMinute === undefined ? {} : { rate_per_minute: whole.rate_per_minute }),
    ...(policy.giveUpAfterMs === undefined ? {} : { give_up_after: whole.give_up_after }),
    ...(policy.fallback === undefined ? {} : { fallback: whole.fallback }),
    ...(policy.budget === undefined ? {} : { budget: whole.budget }),
  }
}

const ms = (seconds: number): number => Math.round(seconds * 1_000)
