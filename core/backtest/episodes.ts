/** From when a group left OK until it was OK again, out of its transitions. Read next: tally.ts. */
import type { Status } from '../monitor/spec-types.ts'
import type { GroupState, Transition } from '../monitor/types.ts'
import { type Bounded, boundedList } from './bounded.ts'
import type { Episode } from './report.ts'

/** As many as a person reads; counts are exact beyond. */
const episodesMax = 1_000
const bytesMax = 250_000

const severity: Readonly<Record<Status, number>> = { OK: 0, 'No Data': 1, Unknown: 2, Warn: 3, Alert: 4 }

export type EpisodeDraft = Readonly<{
  /** A group that isn't OK as the time begins. */
  carry: (group: string, state: GroupState) => void
  change: (transition: Transition) => void
  /** The group left the state. */
  leave: (group: string, at: number) => void
  close: (at: number) => Bounded<Episode>
}>

type Open = { worst: Status; readonly since: number; readonly before: boolean }

export function openEpisodes(): EpisodeDraft {
  const open = new Map<string, Open>()
  const ended = boundedList<Episode>(episodesMax, bytesMax)

  function end(group: string, at: number, recovered: boolean): void {
    const episode = open.get(group)
    if (episode === undefined) return
    open.delete(group)
    ended.add({
      group,
      worst: episode.worst,
      triggered_at: new Date(episode.since).toISOString(),
      recovered_at: recovered ? new Date(at).toISOString() : null,
      duration_s: Math.round((at - episode.since) / 1_000),
      before_start: episode.before,
    })
  }

  return {
    carry: (group, { status, firstTriggeredAt, since }) => {
      open.set(group, { worst: status, since: firstTriggeredAt ?? since, before: true })
    },
    change: ({ group, to, slot }) => {
      if (to === 'OK') return end(group, slot, true)
      const episode = open.get(group)
      if (episode === undefined) open.set(group, { worst: to, since: slot, before: false })
      else if (severity[to] > severity[episode.worst]) episode.worst = to
    },
    leave: (group, at) => end(group, at, false),
    close: (at) => {
      for (const group of [...open.keys()].sort()) end(group, at, false)
      return ended
    },
  }
}
