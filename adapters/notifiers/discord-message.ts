import type { OutgoingMessage } from '../../activities/notification-ports.ts'
import { isoTime } from '../../core/message/format.ts'
import { factsOf, toneColours, toneOf } from './chat-message.ts'
import { discordMentions, discordText, discordWriter } from './discord-text.ts'
import { parseMarkdown } from './markdown.ts'
import { boundEscaped, mentionsOf } from './markdown-blocks.ts'
import { pageText } from './markdown-lines.ts'
import { safeAddress } from './markdown-links.ts'
import { paginate } from './markdown-pages.ts'

export type DiscordMessage = Readonly<{
  content?: string
  embeds: readonly Readonly<{
    title: string
    description?: string
    color: number
    timestamp?: string
    fields: readonly Readonly<{ name: string; value: string; inline: boolean }>[]
  }>[]
  allowed_mentions: Readonly<{ parse: readonly 'everyone'[]; users: readonly string[]; roles: readonly string[] }>
}>

/** Discord's, of an embed; title, description and four fields of these sizes stay below the 6,000 of all together. */
const titleCharactersMax = 256
const descriptionCharactersMax = 4_096
const fieldCharactersMax = 350
/** What Date can name; a slot is far inside. */
const timeMsMax = 8.64e15

/** One embed. Mentions in it ping nobody, so those of the author stand above it, and only they may ping. */
export function discordMessage(message: OutgoingMessage): DiscordMessage {
  const blocks = parseMarkdown(message.body, { mentions: discordMentions })
  const mentions = mentionsOf(blocks)
  const link = linkOf(message.link)
  const pageSize = descriptionCharactersMax - link.length
  const [page = []] = paginate(blocks, discordWriter, { pageSize, pagesMax: 1 })
  const description = `${pageText(page)}${link}`.trim()
  const { slot } = message.transition
  return {
    ...(mentions.length === 0 ? {} : { content: mentions.join(' ') }),
    embeds: [
      {
        title: boundEscaped(message.title.replace(/\s+/g, ' '), discordText, titleCharactersMax),
        ...(description === '' ? {} : { description }),
        color: Number.parseInt(toneColours[toneOf(message)].slice(1), 16),
        ...(Math.abs(slot) <= timeMsMax ? { timestamp: isoTime(slot) } : {}),
        fields: factsOf(message).map(({ name, value }) => ({
          name,
          value: boundEscaped(value, discordText, fieldCharactersMax),
          inline: true,
        })),
      },
    ],
    allowed_mentions: {
      parse: mentions.some((text) => text.startsWith('@')) ? ['everyone'] : [],
      users: idsOf(mentions, /^<@!?(\d+)>$/),
      roles: idsOf(mentions, /^<@&(\d+)>$/),
    },
  }
}

/** In the text, where nothing is checked: as the embed's own address, one without a dot in its host fails the whole message. */
function linkOf(link: string | null): string {
  const url = safeAddress(link)
  return url === null ? '' : `\n\n[Open the monitor](${url})`
}

function idsOf(mentions: readonly string[], form: RegExp): readonly string[] {
  return [...new Set(mentions.flatMap((text) => form.exec(text)?.[1] ?? []))]
}
