import { createRequire } from 'node:module'
import type * as AdaptiveCards from 'adaptivecards'

export type ReadCard = Readonly<{
  /** What the reader found wrong, in its own words. */
  complaints: readonly string[]
  /** The card as it was understood: what the reader doesn't know is missing. */
  understood: unknown
}>

// The package's entry can be loaded by bundlers only; this is the bundle that it has for pages.
const load: (path: string) => typeof AdaptiveCards = createRequire(import.meta.url)

/** A card through Microsoft's own reader. */
export function readCard(json: unknown): ReadCard {
  const { AdaptiveCard, SerializationContext } = load('adaptivecards/dist/adaptivecards.js')
  const context = new SerializationContext()
  const card = new AdaptiveCard()
  card.parse(json, context)
  const parsed = Array.from({ length: context.eventCount }, (_, index) => context.getEventAt(index).message)
  const judged = card.validateProperties().validationEvents.map(({ message }) => message)
  return { complaints: [...parsed, ...judged], understood: card.toJSON() }
}
