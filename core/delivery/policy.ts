/**
 * How a receiver is delivered to, and what it is told when that fails. Never how a message looks.
 * Read next: activities/drain.ts, which keeps to it; contract/receivers/, which takes it over the API.
 */
export type DeliveryPolicy = Readonly<{
  /** Of one attempt. */
  timeoutMs: number
  /** Messages on their way at the same time; those of one group never overtake each other. */
  concurrency: number
  /** null = as fast as it takes them. */
  ratePerMinute: number | null
  /** Since it was planned; then it is dead, stays visible and can be delivered again by hand. */
  giveUpAfterMs: number
  /** After so many failed attempts the message also goes there; the receiver itself is tried on. */
  fallback: Readonly<{ receiver: string; afterFailures: number }> | null
  /** More than so many messages in that time become digests: nothing is left out, it is told at once. */
  budget: Readonly<{ messages: number; perMs: number }> | null
}>

const defaultPolicy: DeliveryPolicy = {
  // A receiver should take a message and work afterwards; one that needs longer gets it again.
  timeoutMs: 10_000,
  // Enough for 100 messages a second at 40 ms each, and no burden to anyone's front door.
  concurrency: 4,
  ratePerMinute: null,
  // After a day nobody wants to be paged for it any more.
  giveUpAfterMs: 86_400_000,
  fallback: null,
  budget: null,
}

/** A receiver's own, and where it says nothing the default. */
export function policyOf({ policy }: Readonly<{ policy?: Partial<DeliveryPolicy> }>): DeliveryPolicy {
  return { ...defaultPolicy, ...policy }
}
