import { assertNever } from '../assert.ts'

/** The parts of a notification that a receiver shows beside title and text. */
export type MessageParts = Readonly<{ query: boolean; handles: boolean; footer: boolean }>

const presets = [
  'show_all',
  'hide_query',
  'hide_handles',
  'hide_all',
  'hide_query_and_handles',
  'show_only_snapshot',
  'hide_handles_and_footer',
] as const

/** What `notification_preset_name` leaves of a notification. A snapshot is a picture of a graph, and there is none here. */
export function partsOf(options: Readonly<Record<string, unknown>>): MessageParts {
  const preset = presets.find((name) => name === options.notification_preset_name) ?? 'show_all'
  switch (preset) {
    case 'show_all':
      return { query: true, handles: true, footer: true }
    case 'hide_query':
      return { query: false, handles: true, footer: true }
    case 'hide_handles':
      return { query: true, handles: false, footer: true }
    case 'hide_query_and_handles':
      return { query: false, handles: false, footer: true }
    case 'hide_handles_and_footer':
      return { query: true, handles: false, footer: false }
    case 'hide_all':
    case 'show_only_snapshot':
      return { query: false, handles: false, footer: false }
    default:
      return assertNever(preset)
  }
}
