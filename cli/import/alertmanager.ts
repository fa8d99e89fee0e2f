/**
 * Alertmanager's configuration: its receivers as ours. Routes, inhibitions and mute times are left out, each with what says the same
 * here. Pure. Read next: alertmanager-silences.ts, docs/how-to/from-prometheus.md.
 */
import { z } from 'zod'
import { parseReceiver } from '../../contract/receivers/body.ts'
import { type Body, isObject } from '../apply/desired.ts'
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

export function convertAlertmanager(document: unknown, file: string): Converted {
  const parsed = configuration.safeParse(document)
  if (!parsed.success)
    return { ...nothing, leftOut: [{ place: file, text: 'this is no configuration of Alertmanager: `receivers` is missing' }] }
  const { global, route, receivers, inhibit_rules: inhibitions, time_intervals: times, mute_time_intervals: muteTimes } = parsed.data
  const name = distinct()
  return joined([
    ...receivers.map((receiver) => convertReceiver(receiver, `${file}: receiver ${receiver.name}`, global ?? {}, name)),
    { ...nothing, leftOut: routesOf(route, `${file}: route`, []) },
    {
      ...nothing,
      leftOut: inhibitions.map((_, at) =>
        left(`${file}: inhibit_rules[${at}]`, 'inhibition is not imported: let a composite, or a downtime, say it'),
      ),
    },
    {
      ...nothing,
      leftOut: [...times, ...muteTimes].map(({ name: of }) => left(`${file}: time interval ${String(of)}`, 'plan a downtime by rules')),
    },
  ])
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

/** Each way through the tree, with the scope that a notification rule would have. */
function routesOf(route: unknown, place: string, above: readonly string[]): Remark[] {
  if (!isObject(route)) return []
  const matchers = [...above, ...matchersOf(route)]
  const children = Array.isArray(route.routes) ? route.routes : []
  const inner = children.flatMap((child: unknown, at) => routesOf(child, `${place}.routes[${at}]`, matchers))
  if (typeof route.receiver !== 'string') return inner
  const scope = matchers.length === 0 ? '*' : matchers.join(' AND ')
  return [
    left(
      place,
      `to ${route.receiver}: make a notification rule with the scope ${JSON.stringify(scope)} and the recipient ${slugOf(route.receiver)}`,
    ),
    ...inner,
  ]
}

function matchersOf({ match, match_re: expressions, matchers }: Body): string[] {
  return [
    ...Object.entries(isObject(match) ? match : {}).map(([label, value]) => `${label}:${String(value)}`),
    ...Object.entries(isObject(expressions) ? expressions : {}).map(([label, value]) => matched(label, '=~', String(value))),
    ...(Array.isArray(matchers) ? matchers : []).map((text) => {
      const [, label = '', sign = '', value = ''] = /^\s*"?([\w.]+)"?\s*(=~|!~|!=|=)\s*"?(.*?)"?\s*$/.exec(String(text)) ?? []
      return matched(label, sign, value)
    }),
  ]
}

/** As a scope. `sign` as matchers have it. Alternatives are told apart; another expression stands as it is, for a person to read. */
export function matched(label: string, sign: string, value: string): string {
  const alternatives = sign.endsWith('~') && /^[\w|.-]+$/.test(value) ? `${label}:(${value.split('|').join(' OR ')})` : `${label}:${value}`
  return sign.startsWith('!') ? `NOT ${alternatives}` : alternatives
}
