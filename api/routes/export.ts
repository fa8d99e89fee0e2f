/** A monitor as a file: JSON or YAML that POST /api/v1/monitor takes, or a resource of Terraform. Defaults are left out. Read next: contract/lean.ts. */
import { Router } from 'express'
import { stringify } from 'yaml'
import { findMonitor } from '../../adapters/postgres/queries/monitors.ts'
import { type ExportFormat, exportParameters } from '../../contract/export.ts'
import { leanDefinition } from '../../contract/lean.ts'
import { assertNever } from '../../core/assert.ts'
import { terraformOf } from '../../core/export/terraform.ts'
import type { AppDeps } from '../deps.ts'
import { notFound } from '../errors.ts'
import { monitorIdOf, queryOf } from './request.ts'

export function exportRoutes(deps: AppDeps): Router {
  const router = Router()

  router.get('/api/v2/monitor/:id/export', async (req, res) => {
    const { format } = queryOf(req, exportParameters)
    const row = await findMonitor(deps.pool, monitorIdOf(req))
    if (row === null) throw notFound('Monitor')
    res.type('text/plain').send(textOf(format, row.id, leanDefinition(row)))
  })

  return router
}

function textOf(format: ExportFormat, id: number, definition: Readonly<Record<string, unknown>>): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(definition, null, 2)}\n`
    case 'yaml':
      return stringify(definition, { lineWidth: 0, aliasDuplicateObjects: false })
    case 'terraform':
      return terraformOf([{ id, definition }])
    default:
      return assertNever(format)
  }
}
