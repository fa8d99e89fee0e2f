import type { OutgoingMessage } from '../../activities/notification-ports.ts'
import type { OpsgenieConfig } from '../../contract/receivers/opsgenie.ts'
import { assertNever } from '../../core/assert.ts'
import type { Status } from '../../core/monitor/spec-types.ts'
import { detailsOf, entityOf, fieldText, openedFor } from './incident.ts'

/** As `POST /v2/alerts` takes it. */
export type OpsgenieAlert = Readonly<{
  message: string
  alias: string
  description: string
  responders?: OpsgenieConfig['responders']
  tags: readonly string[]
  details: Readonly<Record<string, string>>
  entity: string
  source: string
  priority: string
}>

/** As the API has them: what is longer is refused, or cut without a word. */
const messageCharactersMax = 130
const descriptionCharactersMax = 15_000
const tagsMax = 20
const tagCharactersMax = 50
const detailsCharactersMax = 8_000
const detailCharactersMax = 1_000
const entityCharactersMax = 512
const noteCharactersMax = 25_000
const source = 'Tocsin'

export function alertOf(message: OutgoingMessage, config: OpsgenieConfig): OpsgenieAlert {
  const { title, body, link, subject, episode } = message
  // The title whole, for the alert's own has room for a line only.
  const words = [title, body, ...(link === null ? [] : [link])].join('\n\n')
  const tags = [...new Set([...(config.tags ?? []), ...subject.tags].map((tag) => fieldText(tag, tagCharactersMax)))]
  return {
    message: fieldText(title, messageCharactersMax) || source,
    alias: episode.key,
    description: fieldText(words, descriptionCharactersMax),
    ...(config.responders === undefined ? {} : { responders: config.responders }),
    tags: tags.slice(0, tagsMax),
    details: bounded(detailsOf(message)),
    entity: fieldText(entityOf(message), entityCharactersMax),
    source,
    priority: priorityOf(openedFor(message), message.priority),
  }
}

/** What a close is explained with. */
export function closingOf({ title, body }: OutgoingMessage): Readonly<{ source: string; note: string }> {
  return { source, note: fieldText(`${title}\n\n${body}`.trim(), noteCharactersMax) }
}

/** The monitor's or message's priority; where there is none, by status. */
export function priorityOf(status: Status, priority: number | null): string {
  if (priority !== null) return `P${Math.min(5, Math.max(1, Math.trunc(priority)))}`
  switch (status) {
    case 'Alert':
      return 'P2'
    case 'No Data':
      return 'P3'
    case 'Warn':
    case 'Unknown':
      return 'P4'
    case 'OK':
      return 'P5'
    default:
      return assertNever(status)
  }
}

/** All of them together have a bound, too: the last ones give way. */
function bounded(details: Readonly<Record<string, string>>): Record<string, string> {
  const kept: [string, string][] = []
  let room = detailsCharactersMax
  for (const [name, value] of Object.entries(details)) {
    const entry: [string, string] = [fieldText(name, 100), fieldText(value, detailCharactersMax)]
    room -= entry[0].length + entry[1].length
    if (room < 0) break
    kept.push(entry)
  }
  return Object.fromEntries(kept)
}
