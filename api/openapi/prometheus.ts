/** Prometheus' own API of rules and alerts. */
import { z } from 'zod'
import { alertsParameters, rulesParameters } from '../../contract/prometheus-rules.ts'
import { operationsOf } from './operation.ts'

const texts = z.record(z.string(), z.string())
const alert = z.strictObject({
  labels: texts,
  annotations: texts,
  state: z.enum(['pending', 'firing']),
  activeAt: z.string(),
  value: z.string(),
})
const rule = z.strictObject({
  state: z.enum(['inactive', 'pending', 'firing']),
  name: z.string(),
  query: z.string(),
  duration: z.number(),
  keepFiringFor: z.number(),
  labels: texts,
  annotations: texts,
  alerts: z.array(alert),
  health: z.enum(['ok', 'err', 'unknown']),
  lastError: z.string().optional(),
  evaluationTime: z.number(),
  lastEvaluation: z.string(),
  type: z.literal('alerting'),
})
const group = z.strictObject({
  name: z.string(),
  file: z.string(),
  rules: z.array(rule),
  interval: z.number(),
  limit: z.number(),
  evaluationTime: z.number(),
  lastEvaluation: z.string(),
})
const success = <Data extends z.ZodType>(data: Data) => z.strictObject({ status: z.literal('success'), data })

export const prometheusOperations = operationsOf('Prometheus', {
  'GET /prometheus/api/v1/rules': {
    summary: 'Promql alerts as rules, in their files and groups',
    query: rulesParameters,
    answers: { 200: success(z.strictObject({ groups: z.array(group), groupNextToken: z.string().optional() })) },
  },
  'GET /prometheus/api/v1/alerts': {
    summary: 'What of them is pending or fires',
    query: alertsParameters,
    answers: { 200: success(z.strictObject({ alerts: z.array(alert) })) },
  },
  'GET /prometheus/api/v1/status/buildinfo': {
    summary: 'Whose answers these are like',
    answers: { 200: success(z.record(z.string(), z.string())) },
  },
})
