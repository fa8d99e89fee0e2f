/**
 * Which messages a receiver gets of one commit, and which episode each belongs to: one for each transition, or one for a storm of them.
 * Never says what a message looks like. Read next: queue.ts (what becomes of them while they wait), text.ts.
 */
import type { Transition } from '../monitor/types.ts'
import { episodeKey, stormKey } from './episode.ts'

/** More told transitions than this of one commit for one receiver are one message: nobody reads twenty, and they hide each other. */
export const stormOver = 20

/** An episode that is stored, or the key of one that begins. */
export type EpisodeRef = Readonly<{ id: number; key: string } | { id: null; key: string }>

/** The present or last episode of a group, as stored. */
export type GroupEpisode = Readonly<{ id: number; key: string; open: boolean }>

export type Part = Readonly<{
  form: 'single' | 'storm'
  /** Ascending by sequence. */
  transitions: readonly Transition[]
  /** Parts of one chain are sent one after the other. Empty = no order. */
  chain: string
  /** Something is open after it, as the receiver sees it. */
  opens: boolean
  episode: EpisodeRef | null
}>

export type EpisodeChange = Readonly<{ group: string; bundle: boolean; open: boolean; episode: EpisodeRef }>

export type Partition = Readonly<{ parts: readonly Part[]; episodes: readonly EpisodeChange[] }>

/** How a kind of receivers sees messages. `log`: a record of each, in no order and of no episode. */
export type Sight = 'log' | 'messages' | 'incidents'

/** `known`: by group. Transitions ascend by sequence and are at least one. */
export function partition(
  monitorId: number,
  sight: Sight,
  transitions: readonly Transition[],
  known: Readonly<Record<string, GroupEpisode>>,
): Partition {
  const storm = transitions.length > stormOver
  if (sight === 'log') {
    const parts = storm ? [partOf(transitions, '', null)] : transitions.map((transition) => partOf([transition], '', null))
    return { parts, episodes: [] }
  }
  const placed = place(monitorId, transitions, known, sight === 'messages' && storm)
  const episodes = placed.flatMap(changeOf)
  if (sight === 'incidents') return { parts: byEpisode(placed), episodes }
  if (storm) return { parts: [partOf(transitions, stormChain(monitorId), commonEpisode(placed))], episodes }
  const parts = placed.map(({ transition, episode }) => partOf([transition], episodeKey(monitorId, transition.group), episode))
  return { parts, episodes }
}

/** Storms of a monitor for receivers without incidents; queue.ts keeps them in order with all else of it. */
const stormChain = (monitorId: number): string => `tocsin-${monitorId}-storms`

type Placed = Readonly<{ transition: Transition; key: string; episode: EpisodeRef | null; begins: boolean }>

/** Each transition with its episode: the one that is open, or else one that begins; many that begin at once share theirs. */
function place(
  monitorId: number,
  transitions: readonly Transition[],
  known: Readonly<Record<string, GroupEpisode>>,
  storm: boolean,
): Placed[] {
  const present = new Map<string, EpisodeRef | null>()
  const openOf = (group: string): EpisodeRef | null => {
    const seen = present.get(group)
    if (seen !== undefined) return seen
    const stored = Object.hasOwn(known, group) ? known[group] : undefined
    return stored?.open === true ? { id: stored.id, key: stored.key } : null
  }
  const beginning = new Set(transitions.filter(({ to, group }) => to !== 'OK' && openOf(group) === null).map(({ group }) => group))
  const shared = storm || beginning.size > stormOver ? stormKey(monitorId, transitions.at(-1)?.sequence ?? 0) : null
  return transitions.map((transition): Placed => {
    const { group, to } = transition
    const open = openOf(group)
    const begins = open === null && to !== 'OK'
    const key = open?.key ?? (begins ? shared : null) ?? episodeKey(monitorId, group)
    // A recovery of what never began here begins nothing.
    const episode = open ?? (begins ? { id: null, key } : null)
    present.set(group, to === 'OK' ? null : episode)
    return { transition, key, episode, begins }
  })
}

function changeOf({ transition, episode }: Placed): EpisodeChange[] {
  if (episode === null) return []
  return [{ group: transition.group, bundle: transition.bundle !== null, open: transition.to !== 'OK', episode }]
}

/** One message for each step of an episode: what opens or changes it first, then what closes it. */
function byEpisode(placed: readonly Placed[]): Part[] {
  const parts: { key: string; episode: EpisodeRef | null; transitions: Transition[] }[] = []
  const last = new Map<string, (typeof parts)[number]>()
  for (const { transition, key, episode } of placed) {
    const before = last.get(key)
    const joins =
      before !== undefined && opens(before.transitions) === opens([transition]) && !before.transitions.some(sameGroup(transition))
    if (joins) before.transitions.push(transition)
    else {
      const part = { key, episode, transitions: [transition] }
      parts.push(part)
      last.set(key, part)
    }
  }
  return parts.map(({ key, episode, transitions }) => partOf(transitions, key, episode))
}

const sameGroup =
  ({ group }: Transition) =>
  (other: Transition): boolean =>
    other.group === group

const opens = (transitions: readonly Transition[]): boolean => transitions.at(-1)?.to !== 'OK'

function partOf(transitions: readonly Transition[], chain: string, episode: EpisodeRef | null): Part {
  return { form: transitions.length === 1 ? 'single' : 'storm', transitions, chain, opens: opens(transitions), episode }
}

/** What all of them belong to; else the one that begins with them; null = they are of several. */
function commonEpisode(placed: readonly Placed[]): EpisodeRef | null {
  const [first] = placed
  if (first !== undefined && placed.every(({ key }) => key === first.key)) return first.episode
  return placed.find(({ begins }) => begins)?.episode ?? null
}
