/**
 * The HTTP API as one Express app: Datadog's paths, headers and shapes, and a few of our own. No state, no listening.
 * Never answers without {"errors": […]} when something is wrong. Read next: routes/, middleware/, deps.ts.
 */
import express, { type Express, type Request, type RequestHandler } from 'express'
import helmet from 'helmet'
import { bodyBytesMax, pushBytesMax } from '../contract/bounds.ts'
import { consoleFiles } from './console.ts'
import type { AppDeps } from './deps.ts'
import { admit } from './middleware/admission.ts'
import { jsonBody } from './middleware/body.ts'
import { answerErrors, unknownRoute } from './middleware/errors.ts'
import { principalOf, requireApiKey, requireBothKeys } from './middleware/keys.ts'
import { limitKeyRate, limitRate } from './middleware/rate-limit.ts'
import { requestLog } from './middleware/request-log.ts'
import { requirePusher, requireRoles } from './middleware/roles.ts'
import { accessRoutes } from './routes/access.ts'
import { accessKeyRoutes } from './routes/access-keys.ts'
import { acknowledgeRoutes } from './routes/acknowledge.ts'
import { actionRoutes } from './routes/actions.ts'
import { backtestRoutes } from './routes/backtest.ts'
import { bulkRoutes } from './routes/bulk.ts'
import { cellRoutes } from './routes/cells.ts'
import { checkRoutes } from './routes/check.ts'
import { codecRoutes } from './routes/codec.ts'
import { deliveryRoutes } from './routes/deliveries.ts'
import { downtimeTimesRoutes } from './routes/downtime-times.ts'
import { downtimeRoutes } from './routes/downtimes.ts'
import { downtimeRoutesV1 } from './routes/downtimes-v1.ts'
import { engineRoutes } from './routes/engine.ts'
import { eventRoutes } from './routes/events.ts'
import { exportRoutes } from './routes/export.ts'
import { firingRoutes } from './routes/firing.ts'
import { healthRoutes } from './routes/health.ts'
import { heartbeatRoutes } from './routes/heartbeat.ts'
import { historyRoutes } from './routes/history.ts'
import { intakePaths, intakeRoutes } from './routes/intake.ts'
import { listRoutes } from './routes/list.ts'
import { lookRoutes } from './routes/look.ts'
import { monitorRoutes } from './routes/monitors.ts'
import { notificationRuleRoutes } from './routes/notification-rules.ts'
import { openApiRoutes } from './routes/openapi.ts'
import { policyRoutes } from './routes/policies.ts'
import { previewRoutes } from './routes/preview.ts'
import { prometheusRoutes } from './routes/prometheus.ts'
import { receiverRoutes } from './routes/receivers.ts'
import { restrictionRoutes } from './routes/restrictions.ts'
import { searchRoutes } from './routes/search.ts'
import { segmentRoutes } from './routes/segments.ts'
import { sessionRoutes, signInRoutes } from './routes/session.ts'
import { sourceRoutes } from './routes/sources.ts'
import { statusRoutes } from './routes/status.ts'
import { templateRoutes } from './routes/templates.ts'
import { webhookVariableRoutes } from './routes/webhook-variables.ts'
import { webhookRoutes } from './routes/webhooks.ts'

export function createApp(deps: AppDeps): Express {
  const app = express()
  // Answers change from second to second: a hash of each would be computed for nothing.
  app.disable('etag')
  app.use(deps.observe, requestLog(deps.log), helmet())
  app.use(healthRoutes(deps))
  app.use(limitRate(deps.rateLimit))
  if (deps.console) app.use(consoleFiles(deps.console))
  const [limitKey, bothKeys] = [limitKeyRate(deps.keyRateLimit), requireBothKeys(deps.pool)]
  // A stream is no request that ends: it has its own bound.
  app.use(eventRoutes(deps, [bothKeys, ...limitKey, requireRoles()]))
  // Pushes have their own room: a flood of them leaves the API to people.
  const [admitRequest, admitPush] = [admit(503, bodyBytesMax, deps.admission), admit(429, pushBytesMax, deps.admission)]
  app.use((req, res, next) => (isPush(req) ? admitPush : admitRequest)(req, res, next))
  app.use(openApiRoutes())

  app.use(codecRoutes(deps))
  const apiKeyOnly: readonly RequestHandler[] = [requireApiKey(deps.pool), ...limitKey]
  app.get('/api/v1/validate', ...apiKeyOnly, (_req, res) => {
    res.json({ valid: true })
  })
  app.get('/api/v2/validate', ...apiKeyOnly, (req, res) => {
    const { id } = principalOf(req)
    res.json({ data: { type: 'validate_v2', id, attributes: { valid: true, api_key_id: id, api_key_scopes: [] } } })
  })
  // Keys come before bodies: nobody unknown makes us parse a megabyte.
  app.use(heartbeatRoutes(deps), signInRoutes(deps))
  app.post(intakePaths, ...apiKeyOnly, requirePusher, jsonBody(pushBytesMax), intakeRoutes(deps))
  app.use(['/api', '/prometheus'], bothKeys, limitKey)
  app.use(requireRoles())
  app.use('/api', jsonBody())
  app.use(
    listRoutes(deps),
    bulkRoutes(deps),
    searchRoutes(deps),
    policyRoutes(deps),
    templateRoutes(deps),
    restrictionRoutes(deps),
    accessRoutes(deps),
    accessKeyRoutes(deps),
    sessionRoutes(deps),
    monitorRoutes(deps),
    actionRoutes(deps),
    acknowledgeRoutes(deps),
    statusRoutes(deps),
    engineRoutes(deps),
    firingRoutes(deps),
    cellRoutes(deps),
    historyRoutes(deps),
    segmentRoutes(deps),
    backtestRoutes(deps),
    lookRoutes(deps),
    checkRoutes(deps),
    exportRoutes(deps),
    previewRoutes(deps),
    webhookRoutes(deps),
    webhookVariableRoutes(deps),
    receiverRoutes(deps),
    deliveryRoutes(deps),
    sourceRoutes(deps),
    downtimeTimesRoutes(deps),
    downtimeRoutes(deps),
    downtimeRoutesV1(deps),
    notificationRuleRoutes(deps),
    prometheusRoutes(deps),
  )

  app.use(unknownRoute)
  app.use(answerErrors(deps.log))
  return app
}

const isPush = ({ method, path }: Request): boolean => method === 'POST' && intakePaths.includes(path)
