/**
 * Alertmanager's configuration: its receivers as ours, its routes as notification rules. Inhibitions and mute times are left out, each with
 * what says the same here. Pure. Read next: alertmanager-routes.ts, alertmanager-silences.ts, docs/how-to/from-prometheus.md.
 */
import { z } from 'zod'
import { parseReceiver } from '../../contract/receivers/body.ts'
import { type Body, isObject } from '../apply/desired.ts'
import { convertRoutes } from './alertmanager-routes.ts'
import { type Converted, distinct, joined, nothing, type Remark, slugOf } from './converted.ts'

const objects = z
  .array(z.looseObject({}))
  .nullish()
  .transform((list) => list ?? [])

const configuration = z.looseObject({
  global: z.looseObject({}).nullish(),
  route: z.unknown(),
  receivers: z.array(z.looseObject({ name: z.string() })).min(1),
  inhibit_rules: objects,
  time_intervals: objects,
  mute_time_intervals: objects,
})

/** `prefix`: of the names of its rules. */
export function convertAlertmanager(document: unknown, file: string, prefix: string): Converted {
  const parsed = configuration.safeParse(document)
  if (!parsed.success)
    return { ...nothing, leftOut: [{ place: file, text: 'this is no configuration of Alertmanager: `receivers` is missing' }] }
  const { global, route, receivers, inhibit_rules: inhibitions, time_intervals: times, mute_time_intervals: muteTimes } = parsed.data
  const name = distinct()
  const made = receivers.map((receiver) => convertReceiver(receiver, `${file}: receiver ${receiver.name}`, global ?? {}, name))
  const names = new Map(receivers.map((receiver, index) => [receiver.name, namesOf(receiver, made[index] ?? nothing)]))
  return joined([
    ...made,
    convertRoutes(route, `${file}: route`, { receivers: names, name: `${prefix}route` }),
    {
      ...nothing,
      leftOut: inhibitions.map((_, at) =>
        left(
          `${file}: inhibit_rules[${at}]`,
          'inhibition is not imported: it would be the option `inhibited_by` of each monitor that it holds',
        ),
      ),
    },
    {
      ...nothing,
      leftOut: [...times, ...muteTimes].map(({ name: of }) => left(`${file}: time interval ${String(of)}`, 'plan a downtime by rules')),
    },
  ])
}

/** null = it tells somebody there, and nothing here does. */
function namesOf(receiver: Body, { receivers }: Converted): readonly string[] | null {
  const silent = !Object.entries(receiver).some(([field, list]) => field.endsWith('_configs') && Array.isArray(list) && list.length > 0)
  return receivers.length > 0 || silent ? receivers.map(({ key }) => key) : null
}

const left = (place: string, text: string): Remark => ({ place, text })

/** One for each of its integrations: the first has its name. */
function convertReceiver(
  receiver: Body & Readonly<{ name: string }>,
  place: string,
  global: Body,
  name: (text: string) => string,
): Converted {
  const integrations = Object.entries(receiver).filter(([field, list]) => field.endsWith('_configs') && Array.isArray(list))
  return joined(
    integrations.flatMap(([field, list]) =>
      (Array.isArray(list) ? list : []).filter(isObject).map((config): Converted => {
        const made = makers[field]?.(config, global)
        if (made === undefined) return { ...nothing, leftOut: [left(place, `${field}: there is no receiver of this kind`)] }
        const body = { name: name(slugOf(receiver.name)), kind: made.kind, config: withoutNothing(made.config) }
        const parsed = parseReceiver(body)
        if (!parsed.ok) return { ...nothing, leftOut: [left(place, `${field}: ${parsed.errors.join('; ')}`)] }
        const told = notTaken
          .filter((one) => config[one] !== undefined)
          .map((one) => left(place, `${field}.${one}: left away, messages are made here`))
        return { ...nothing, receivers: [{ key: body.name, place, body }], notes: told }
      }),
    ),
  )
}

/** Texts and titles are what monitors say. */
const notTaken = ['title', 'text', 'html', 'message', 'description', 'details', 'fields', 'actions', 'headers'] as const

type Made = Readonly<{ kind: string; config: Body }>

const makers: Readonly<Record<string, (config: Body, global: Body) => Made>> = {
  webhook_configs: ({ url }) => ({ kind: 'webhook', config: { url } }),
  slack_configs: ({ api_url: url }, global) => ({ kind: 'slack', config: { webhook_url: url ?? global.slack_api_url } }),
  discord_configs: ({ webhook_url: url }) => ({ kind: 'discord', config: { webhook_url: url } }),
  msteams_configs: ({ webhook_url: url }) => ({ kind: 'teams', config: { webhook_url: url } }),
  msteamsv2_configs: ({ webhook_url: url }) => ({ kind: 'teams', config: { webhook_url: url } }),
  telegram_configs: ({ bot_token: token, chat_id: chat }, global) => ({
    kind: 'telegram',
    config: { token: token ?? global.telegram_bot_token, chat_id: chat },
  }),
  pagerduty_configs: ({ routing_key: key, service_key: older }) => ({ kind: 'pagerduty', config: { routing_key: key ?? older } }),
  opsgenie_configs: ({ api_key: key, api_url: url }, global) => ({
    kind: 'opsgenie',
    config: { api_key: key ?? global.opsgenie_api_key, api_url: withoutSlash(url ?? global.opsgenie_api_url) },
  }),
  email_configs: ({ to, from, smarthost, auth_username: user, auth_password: password }, global) => ({
    kind: 'email',
    config: {
      ...hostOf(smarthost ?? global.smtp_smarthost),
      from: from ?? global.smtp_from,
      to: typeof to === 'string' ? to.split(',').map((address) => address.trim()) : to,
      username: user ?? global.smtp_auth_username,
      password: password ?? global.smtp_auth_password,
    },
  }),
}

function hostOf(smarthost: unknown): Body {
  const [, host, port] = /^(.*):(\d+)$/.exec(String(smarthost ?? '')) ?? []
  return host === undefined ? {} : { host, port: Number(port) }
}

const withoutSlash = (url: unknown): unknown => (typeof url === 'string' ? url.replace(/\/$/, '') : url)

function withoutNothing(config: Body): Body {
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined && value !== null))
}
