/**
 * Every kind of receiver as people fill it in: what its fields are called and mean, and what holds without them.
 * Never checks a value: the schema of the kind does. Read next: index.ts, ../field-table.ts.
 */
import { choice, type FieldEntry, type FieldTable, field, flag, json, list, number, paragraph, secret, text } from '../field-table.ts'

export type KindEntry = Readonly<{ title: string; about: string; fields: FieldTable }>

const pem = '-----BEGIN CERTIFICATE-----'
const webhookAddress = (example: string, meaning: string, needed?: true): FieldEntry =>
  field(secret(example), { label: 'Address of the webhook', meaning, ...(needed ? { needed } : {}) })
const apiUrl = (standard: string, meaning: string): FieldEntry => field(text(standard), { label: 'Address of the API', meaning, standard })
const severity = (label: string, standard: string): FieldEntry =>
  field(text(standard), { label: `Severity of ${label}`, meaning: 'The label `severity` of such an alert.', standard })

export const receiverTable: Readonly<Record<string, KindEntry>> = {
  webhook: {
    title: 'Webhook',
    about: 'A POST to an address of your own, signed if you like.',
    fields: {
      url: field(text('https://example.com/hook'), { label: 'Address', meaning: 'Where messages are posted to.', needed: true }),
      payload: field(paragraph('{"text": "$EVENT_TITLE"}'), {
        label: 'Payload',
        meaning: 'JSON with variables, sent in place of the usual message.',
        standard: 'all that there is to say, as JSON',
      }),
      custom_headers: field(secret('{"x-team": "ops"}'), {
        label: 'Headers',
        meaning: 'Sent with each message: a JSON object of names and values.',
      }),
      encode_as: field(choice('json', 'form'), { label: 'Written as', meaning: 'How the body is encoded.', standard: 'json' }),
      secret: field(secret('whsec_…'), {
        label: 'Signing secret',
        meaning: 'Signs messages as Standard Webhooks says: whsec_ and base64.',
      }),
    },
  },
  slack: {
    title: 'Slack',
    about: 'A channel, by an incoming webhook, or by a bot that follows up in threads.',
    fields: {
      webhook_url: webhookAddress('https://hooks.slack.com/services/…', 'Of an incoming webhook. Either this, or a token and a channel.'),
      token: field(secret('xoxb-…'), {
        label: 'Token of the bot',
        meaning: 'A bot updates its message, and recoveries stand in its thread.',
      }),
      channel: field(text('C0123456789'), { label: 'Channel', meaning: 'Of the bot: an id, or a name that it can see.' }),
      api_url: apiUrl('https://slack.com/api', 'Where the Web API is reached.'),
    },
  },
  discord: {
    title: 'Discord',
    about: 'A channel, or one of its threads.',
    fields: {
      webhook_url: webhookAddress('https://discord.com/api/webhooks/…', 'Of the channel: Integrations, Webhooks.', true),
      thread_id: field(text('1234567890'), { label: 'Thread', meaning: 'The id of a thread of the channel.' }),
    },
  },
  telegram: {
    title: 'Telegram',
    about: 'A chat, a group or a channel, by a bot.',
    fields: {
      token: field(secret('123456:ABC-DEF…'), { label: 'Token of the bot', meaning: 'As BotFather gives it.', needed: true }),
      chat_id: field(text('-1001234567890'), { label: 'Chat', meaning: 'Its id, or the @name of a public channel.', needed: true }),
      message_thread_id: field(number(), { label: 'Topic', meaning: 'Of a group that has topics.' }),
      api_url: apiUrl('https://api.telegram.org', 'Of a Bot API server of your own.'),
    },
  },
  teams: {
    title: 'Microsoft Teams',
    about: 'A chat or a channel, by a workflow.',
    fields: { webhook_url: webhookAddress('https://…', 'Of a workflow that posts when it gets a webhook request.', true) },
  },
  pagerduty: {
    title: 'PagerDuty',
    about: 'Opens incidents of a service, and closes them.',
    fields: {
      routing_key: field(secret(), { label: 'Integration key', meaning: 'Of an integration of the Events API v2.', needed: true }),
      api_url: apiUrl('https://events.pagerduty.com', 'Accounts of the EU region have https://events.eu.pagerduty.com.'),
    },
  },
  opsgenie: {
    title: 'Opsgenie',
    about: 'Opens alerts and closes them; Jira Service Management, too.',
    fields: {
      api_key: field(secret(), { label: 'API key', meaning: 'Of an API integration.', needed: true }),
      api_url: apiUrl('https://api.opsgenie.com', 'The EU region has https://api.eu.opsgenie.com.'),
      responders: field(json('[{"type": "team", "name": "ops"}]'), {
        label: 'Responders',
        meaning: 'Teams, users, escalations and schedules.',
      }),
      tags: field(list('prod, shop'), { label: 'Tags', meaning: 'Set on each alert beside those of the monitor.' }),
    },
  },
  email: {
    title: 'Email',
    about: 'People and lists, by a mail server.',
    fields: {
      host: field(text('smtp.example.com'), { label: 'Mail server', meaning: 'One that takes mail for others (SMTP).', needed: true }),
      port: field(number(), { label: 'Port', meaning: 'Of the mail server.', standard: '465 with tls, else 587' }),
      tls: field(choice('starttls', 'tls', 'none'), {
        label: 'Encryption',
        meaning: 'tls is encrypted from the first byte.',
        standard: 'starttls',
      }),
      verify_certificate: field(flag, {
        label: 'Certificate is verified',
        meaning: 'Off: anyone on the way can read along.',
        standard: 'on',
      }),
      ca: field(paragraph(pem), {
        label: 'Certificate authority',
        meaning: 'PEM of who signed its certificate, where it is nobody well-known.',
      }),
      username: field(text('tocsin'), { label: 'User', meaning: 'With a password.' }),
      password: field(secret(), { label: 'Password', meaning: 'Goes with the user.' }),
      from: field(text('tocsin@example.com'), { label: 'From', meaning: 'Who writes.', needed: true }),
      from_name: field(text('Tocsin'), { label: 'Name of who writes', meaning: 'Shown beside the address.' }),
      to: field(list('ops@example.com'), { label: 'To', meaning: 'Addresses, with commas.', needed: true }),
      reply_to: field(text('ops@example.com'), { label: 'Answers to', meaning: 'Where answers go.' }),
    },
  },
  alertmanager: {
    title: 'Alertmanager',
    about: 'Alerts are handed to an Alertmanager, which tells people.',
    fields: {
      urls: field(list('https://alertmanager.example.com:9093'), {
        label: 'Addresses',
        meaning: 'All of a cluster, with commas: each is sent everything.',
        needed: true,
      }),
      username: field(text('tocsin'), { label: 'User', meaning: 'With a password.' }),
      password: field(secret(), { label: 'Password', meaning: 'Goes with the user.' }),
      bearer_token: field(secret(), { label: 'Bearer token', meaning: 'In place of user and password.' }),
      tenant: field(text('shop'), { label: 'Tenant', meaning: 'Sent as X-Scope-OrgID.' }),
      labels: field(json('{"cluster": "one"}'), { label: 'Labels', meaning: 'Set on each alert that has none of that name itself.' }),
      'severities.alert': severity('Alert', 'critical'),
      'severities.warn': severity('Warn', 'warning'),
      'severities.no_data': severity('No Data', 'warning'),
      'severities.unknown': severity('Unknown', 'warning'),
    },
  },
}

/** How each is delivered to, whatever its kind. */
export const policyTable: FieldTable = {
  timeout: field(number('seconds'), { label: 'Time to answer', meaning: 'Longer is a failure.' }),
  concurrency: field(number(), { label: 'At once', meaning: 'Messages that are under way at the same time.' }),
  rate_per_minute: field(number(), { label: 'Each minute', meaning: 'No more messages than that.' }),
  give_up_after: field(number('seconds'), { label: 'Given up after', meaning: 'Until then a message is tried again.' }),
  'fallback.receiver': field(text('email-ops'), {
    label: 'Stands in for it',
    meaning: 'A receiver that is told what this one doesn’t take.',
  }),
  'fallback.after_failures': field(number(), { label: '… after failures', meaning: 'So many tries first.', standard: '3' }),
  'budget.messages': field(number(), {
    label: 'Budget of messages',
    meaning: 'What is more becomes one digest. Not for what opens incidents.',
  }),
  'budget.per': field(number('seconds'), { label: '… in this time', meaning: 'Goes with the budget.' }),
}
