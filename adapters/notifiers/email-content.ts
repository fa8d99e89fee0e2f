import { convert } from 'html-to-text'
import markdownIt from 'markdown-it'
import type { OutgoingMessage } from '../../activities/notification-ports.ts'
import { assertNever } from '../../core/assert.ts'
import { boundText, isoTime, roundForPeople } from '../../core/message/format.ts'
import { escapeValue } from '../../core/message/markup.ts'
import { groupTags } from '../../core/monitor/group.ts'
import type { Status } from '../../core/monitor/spec-types.ts'

/** Lists show fewer; servers fold longer ones. */
const subjectCharactersMax = 250
/** A body as it is rendered, with its notes. */
const bodyCharactersMax = 50_000
const tagsMax = 20
const tagCharactersMax = 300

/** HTML that is written in a text stays text; a line is a line. */
const markdown = markdownIt({ html: false, linkify: false, breaks: true })

/** Subject, HTML and text of a mail; the text says the same as the HTML. */
export function emailContentOf(message: OutgoingMessage): Readonly<{ subject: string; html: string; text: string }> {
  const html = htmlOf(message)
  const text = convert(html, {
    wordwrap: false,
    selectors: [
      { selector: 'h1', options: { uppercase: false } },
      { selector: 'h2', options: { uppercase: false } },
      { selector: 'h3', options: { uppercase: false } },
      { selector: 'a', options: { hideLinkHrefIfSameAsText: true } },
    ],
  })
  return { subject: boundText(oneLine(message.title), subjectCharactersMax), html, text }
}

function htmlOf(message: OutgoingMessage): string {
  const { title, body, transition, link } = message
  const facts = factsOf(message).map(([name, value]) => `<b>${name}:</b> ${escapeValue(oneLine(value), 'html')}`)
  const more = link === null ? '' : `<p><a href="${escapeValue(link, 'html')}">Open the monitor</a></p>`
  return [
    '<!doctype html><html><body style="font-family:sans-serif">',
    `<div style="border-left:4px solid ${colourOf(transition.to)};padding-left:12px">`,
    `<h1 style="font-size:18px">${escapeValue(oneLine(boundText(title, 1_000)), 'html')}</h1>`,
    markdown.render(boundText(body, bodyCharactersMax).toWellFormed()),
    '</div>',
    facts.length === 0 ? '' : `<p>${facts.join('<br>')}</p>`,
    `${more}</body></html>`,
  ].join('\n')
}

/** What the message is about; where it is about many groups, its text says it. */
function factsOf({ form, subject, transition }: OutgoingMessage): readonly (readonly [string, string])[] {
  const { to, value, threshold, slot, group } = transition
  switch (form) {
    case 'test':
    case 'digest':
      return []
    case 'storm':
      return [
        ['Monitor', `${subject.monitorId}`],
        ['Time', isoTime(slot)],
      ]
    case 'single':
    case 'merged':
      return [
        ['Status', to],
        ...(value === null ? [] : [['Value', String(roundForPeople(value))] as const]),
        ...(threshold === null ? [] : [['Threshold', String(threshold)] as const]),
        ...tagsOf(group).map((tag) => ['Tag', tag] as const),
        ['Monitor', `${subject.monitorId}`],
        ['Time', isoTime(slot)],
      ]
    default:
      return assertNever(form)
  }
}

function tagsOf(group: string): readonly string[] {
  const tags = groupTags(group).map((tag) => boundText(tag, tagCharactersMax))
  return tags.length <= tagsMax ? tags : [...tags.slice(0, tagsMax), `… and ${tags.length - tagsMax} more`]
}

/** As traffic lights have it, and grey for what nobody knows. */
function colourOf(status: Status): string {
  switch (status) {
    case 'OK':
      return '#2e8540'
    case 'Warn':
      return '#e0a100'
    case 'Alert':
      return '#c62828'
    case 'No Data':
    case 'Unknown':
      return '#757575'
    default:
      return assertNever(status)
  }
}

function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .toWellFormed()
    .trim()
}
