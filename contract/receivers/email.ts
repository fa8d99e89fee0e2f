import { z } from 'zod'
import { tlsText } from '../source-fields.ts'
import type { ReceiverKind } from './kind.ts'

/** More than a list of people is a mailing list, which is one address. */
const recipientsMax = 50
/** As RFC 5321 has it. */
const addressCharsMax = 254

/** An address without a name, comments, quotes or blanks: nothing of it can become a header or a second address. */
export const emailAddress = z
  .string()
  .max(addressCharsMax)
  .regex(
    /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*$/,
    'expected an address, as ops@example.com',
  )

/** A mail server (SMTP) that takes mail for others. */
export const emailConfig = z
  .strictObject({
    host: z.string().regex(/^[A-Za-z0-9.:_-]{1,253}$/, 'expected the name or address of a mail server'),
    /** By default 465 with `tls`, else 587. */
    port: z.int().min(1).max(65_535).optional(),
    /** starttls: refused where the server doesn't offer it; tls: from the first byte; none: readable on its way. */
    tls: z.enum(['starttls', 'tls', 'none'], 'expected starttls, tls or none').default('starttls'),
    /** false: any certificate will do, so anyone on the way can read along. */
    verify_certificate: z.boolean().default(true),
    /** PEM of who signed the server's certificate, where it is nobody well-known. */
    ca: tlsText.optional(),
    username: z.string().min(1).max(255).optional(),
    password: z.string().min(1).max(1_000).optional(),
    from: emailAddress,
    from_name: z
      .string()
      .max(100)
      .regex(/^[^\p{Cc}\u2028\u2029]+$/u, 'expected one line')
      .optional(),
    to: z.array(emailAddress).min(1).max(recipientsMax),
    reply_to: emailAddress.optional(),
  })
  .superRefine(({ tls, username, password, ca, verify_certificate }, context) => {
    const refuse = (field: string, message: string): void => context.addIssue({ code: 'custom', path: [field], message })
    if ((username === undefined) !== (password === undefined)) refuse('password', 'username and password go together')
    if (tls === 'none' && username !== undefined) refuse('tls', 'a password is not sent without TLS: expected starttls or tls')
    if (ca !== undefined && !verify_certificate) refuse('ca', 'a ca is for verifying: leave out verify_certificate, or ca')
  })
export type EmailConfig = z.infer<typeof emailConfig>

export const emailKind: ReceiverKind = { kind: 'email', config: emailConfig, secrets: ['password'] }
