/**
 * Sends a message as a mail over SMTP, one connection each. What belongs to one episode is one thread; a mail that is sent again has
 * the same Message-ID. Never sends a password without TLS, never reads a file or an address because a text names one.
 * Read next: email-content.ts (the words), smtp.ts (the way), contract/receivers/email.ts.
 */
import { createHash } from 'node:crypto'
import type { Notifier, OutgoingMessage } from '../../activities/notification-ports.ts'
import { type EmailConfig, emailConfig } from '../../contract/receivers/email.ts'
import { policyOf } from '../../core/delivery/policy.ts'
import type { Guard } from '../http/guard.ts'
import { emailContentOf } from './email-content.ts'
import { isOfEpisode } from './episode.ts'
import { configOf } from './receipt.ts'
import { type Mail, sendMail } from './smtp.ts'

/** `guard`: which addresses may be a mail server; null = all. */
export function emailNotifier(guard: Guard | null): Notifier {
  return {
    kind: 'email',
    markup: 'markdown',
    async deliver(message, receiver) {
      const read = configOf(receiver, emailConfig)
      if (!read.ok) return read.receipt
      const mail = mailOf(message, read.config)
      const receipt = await sendMail(guard, read.config, mail, policyOf(receiver).timeoutMs)
      const first = receipt.kind === 'delivered' && isOfEpisode(message) && message.episode.reference === null
      return first ? { ...receipt, reference: { message_id: mail.messageId } } : receipt
    },
  }
}

function mailOf(message: OutgoingMessage, { from, from_name, to, reply_to }: EmailConfig): Mail {
  const domain = from.slice(from.lastIndexOf('@') + 1)
  return {
    from: from_name === undefined ? from : { name: from_name, address: from },
    to,
    ...(reply_to === undefined ? {} : { replyTo: reply_to }),
    messageId: idOf(message.id, domain),
    ...(isOfEpisode(message) ? threadOf(message, domain) : {}),
    // Out-of-office answers to an engine are of use to nobody.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    ...emailContentOf(message),
  }
}

/** All answer to one that was never sent, and so belong together even where the first one got lost. */
function threadOf({ episode }: OutgoingMessage, domain: string): Pick<Mail, 'inReplyTo' | 'references'> {
  const root = idOf(`episode.${episode.key}`, domain)
  const first = episode.reference?.message_id
  return first === undefined ? { inReplyTo: root, references: [root] } : { inReplyTo: first, references: [root, first] }
}

/** RFC 5322 has no blanks, brackets or second @ in an id; a line of a header has room for this many characters. */
const idCharactersMax = 200

function idOf(text: string, domain: string): string {
  const plain = text.replace(/[^A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]|^\.|\.$|\.(?=\.)/g, '_').slice(0, idCharactersMax)
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 12)
  return `<${plain === text ? plain : `${plain}.${hash}`}@${domain}>`
}
