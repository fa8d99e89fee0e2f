/** Blocks in Slack's mrkdwn. Three signs are escaped; mentions and links are made of them, so no other text can be one. */
import type { Run } from './markdown-blocks.ts'
import { around, lineWriter } from './markdown-lines.ts'
import type { BlockWriter } from './markdown-pages.ts'

/** As authors write them: people, channels, groups of people, and everybody who is there. */
export const slackMentions = /<(?:[@#][A-Z0-9]{2,30}|!(?:here|channel|everyone)|!subteam\^[A-Z0-9]{2,30})>/g

export const slackWriter: BlockWriter<string> = lineWriter({
  run: slackRun,
  fence: (text) => `\`\`\`\n${slackText(text).replaceAll('`', 'ˋ')}\n\`\`\``,
  quote: (text) => text.replace(/^/gm, '> '),
})

export function slackText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function slackRun({ text, bold, italic, strike, code, href, mention }: Run): string {
  if (mention) return text
  // A bar parts an address from its text.
  const inner = href === null ? slackText(text) : `<${slackText(href)}|${slackText(text.replace(/\s+/g, ' '))}>`
  if (code) return href === null ? around(inner.replaceAll('`', 'ˋ'), '`') : inner
  const struck = strike ? around(inner, '~') : inner
  const slanted = italic ? around(struck, '_') : struck
  return bold ? around(slanted, '*') : slanted
}
