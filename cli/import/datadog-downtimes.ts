/** Datadog's downtimes, version 2: as files have them, with monitors named by their keys. Pure. Read next: datadog-monitors.ts. */
import { downtimeCreation } from '../../contract/downtime.ts'
import { sentencesOf } from '../../contract/issues.ts'
import { type Body, isObject } from '../apply/desired.ts'
import { type Converted, nothing, slugOf } from './converted.ts'

export function isDowntime(value: Body): boolean {
  return value.type === 'downtime' || 'monitor_identifier' in value || ('monitor_tags' in value && 'scope' in value && !('query' in value))
}

export function convertDowntime(value: Body, place: string, keys: ReadonlyMap<number, string>, prefix: string): Converted {
  const leave = (text: string): Converted => ({ ...nothing, leftOut: [{ place: `${place} downtime ${String(value.id ?? '')}`, text }] })
  if (!isObject(value.attributes)) return leave('downtimes of version 1 of the API: export them as version 2 (GET /api/v2/downtime)')
  const { status, created: _created, modified: _modified, canceled: _canceled, monitor_identifier: identifier, ...rest } = value.attributes
  if (status === 'canceled' || status === 'ended') return leave(`it is over: ${status}`)
  const monitorId = isObject(identifier) ? identifier.monitor_id : undefined
  const monitorKey = typeof monitorId === 'number' ? keys.get(monitorId) : undefined
  if (typeof monitorId === 'number' && monitorKey === undefined) return leave(`monitor ${monitorId} isn’t imported with it`)
  const attributes = { ...rest, monitor_identifier: monitorKey === undefined ? identifier : { monitor_id: 1 } }
  const creation = { data: { type: 'downtime', attributes } }
  const parsed = downtimeCreation.safeParse(creation)
  if (!parsed.success) return leave(sentencesOf(parsed.error, creation).join('; ').replaceAll('data.attributes.', ''))
  const body = { ...rest, monitor_identifier: monitorKey === undefined ? identifier : { monitor_key: monitorKey } }
  return { ...nothing, downtimes: [{ key: `${prefix}downtime-${slugOf(String(value.id ?? ''))}`, place, body }] }
}
