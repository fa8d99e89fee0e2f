import type { OutgoingMessage } from '../../activities/notification-ports.ts'
import { type Fact, factsOf, toneColours, toneOf } from './chat-message.ts'
import { parseMarkdown } from './markdown.ts'
import { boundEscaped, mentionsOf } from './markdown-blocks.ts'
import { around, pageText } from './markdown-lines.ts'
import { safeAddress } from './markdown-links.ts'
import { paginate } from './markdown-pages.ts'
import { slackMentions, slackText, slackWriter } from './slack-text.ts'

type Text = Readonly<{ type: 'mrkdwn'; text: string; verbatim: true }>
type SlackBlock = Readonly<
  | { type: 'section'; text: Text }
  | { type: 'section'; fields: Text[] }
  | { type: 'actions'; elements: Readonly<{ type: 'button'; text: Readonly<{ type: 'plain_text'; text: string }>; url: string }>[] }
>

/** What an incoming webhook and chat.postMessage both take. */
export type SlackMessage = Readonly<{ text: string; attachments: Readonly<{ color: string; blocks: SlackBlock[] }>[] }>

/** Of a section's text, by Slack's reference of blocks. */
const sectionCharactersMax = 3_000
/** 12,000 characters are more than anybody reads in a chat, and far below the 40,000 at which Slack cuts. */
const sectionsMax = 4
const titleCharactersMax = 1_000
/** Of a field 2,000 are allowed. */
const fieldCharactersMax = 1_800

/** The title as text, for notifications; the rest in a coloured bar. Mentions stand in the text, where they are sure to be heard. */
export function slackMessage(message: OutgoingMessage): SlackMessage {
  const blocks = parseMarkdown(message.body, { mentions: slackMentions })
  const pages = paginate(blocks, slackWriter, { pageSize: sectionCharactersMax, pagesMax: sectionsMax }).map(pageText)
  const title = around(boundEscaped(message.title.replace(/\s+/g, ' '), slackText, titleCharactersMax), '*')
  const shown: SlackBlock[] = [
    ...pages.filter((text) => text.trim() !== '').map((text): SlackBlock => ({ type: 'section', text: mrkdwn(text) })),
    ...fieldsOf(factsOf(message)),
    ...buttonOf(message.link),
  ]
  return {
    text: [title, ...mentionsOf(blocks)].join(' '),
    attachments: shown.length === 0 ? [] : [{ color: toneColours[toneOf(message)], blocks: shown }],
  }
}

function mrkdwn(text: string): Text {
  // Otherwise Slack looks for names of channels and people in it.
  return { type: 'mrkdwn', text, verbatim: true }
}

function fieldsOf(facts: readonly Fact[]): SlackBlock[] {
  if (facts.length === 0) return []
  const fields = facts.map(({ name, value }) => mrkdwn(`*${name}*\n${boundEscaped(value, slackText, fieldCharactersMax)}`))
  return [{ type: 'section', fields }]
}

function buttonOf(link: string | null): SlackBlock[] {
  const url = safeAddress(link)
  return url === null
    ? []
    : [{ type: 'actions', elements: [{ type: 'button', text: { type: 'plain_text', text: 'Open the monitor' }, url }] }]
}
