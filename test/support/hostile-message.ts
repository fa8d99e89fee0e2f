import type { OutgoingMessage } from '../../activities/notification-ports.ts'
import { escapeValue } from '../../core/message/markup.ts'
import { outgoingMessage } from '../conformance/notifier.ts'
import { toldTransition } from './notification-job.ts'

/** What somebody who can choose the value of a tag would try, in any chat. */
export const hostileValues: readonly string[] = [
  '@everyone @here <!channel> <!here> <@U024BE7LH> <@123456789012345678> <@&123456789012345678> @botfather <at>Jo</at>',
  '</b></pre><script>alert(1)</script><a href="https://evil.example">free</a>',
  '[free](https://evil.example) <https://evil.example|free> ![x](https://evil.example/x.png) <https://evil.example>',
  '**bold** __b__ *i* _i_ ~~s~~ ~s~ `code` ```fence``` ||spoiler|| # heading > quote - item 1. item',
  'a\r\nX-Injected: yes\r\n\r\n# heading\n> quote\n- item\n===\n---\n    code',
  '&lt;!channel&gt; &#64;everyone &amp; \\<!channel\\> \\@everyone \\\\<!here>',
  '{{DATE(2026-01-01T00:00:00Z)}} @{triggerBody()} \u0000\u202e\ud800',
]

/** A message that a value has got into wherever values get: a body as the renderer writes it, title, group. */
export function messageWith(value: string, change: Partial<OutgoingMessage> = {}): OutgoingMessage {
  const transition = toldTransition({ group: `host:${value.replace(/[\\,]/g, '\\$&')}` })
  return outgoingMessage({
    transition,
    title: `[Triggered on {host:${value}}] CPU`.slice(0, 4_000),
    body: `Look at **${escapeValue(value, 'markdown')}** and \`${escapeValue(value, 'markdown')}\`\n${escapeValue(value, 'markdown')}`,
    ...change,
  })
}
