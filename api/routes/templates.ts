/**
 * `/api/v2/monitor/template`: definitions that monitors are made of by hand or by a program. Each change is a further version.
 * Never makes a monitor itself. Read next: contract/template.ts.
 */
import { type Request, Router } from 'express'
import { transaction } from '../../adapters/postgres/pool.ts'
import { type AuditAction, recordAudit } from '../../adapters/postgres/queries/audit.ts'
import {
  deleteTemplate,
  findTemplate,
  insertTemplate,
  listTemplates,
  listTemplateVersions,
  type TemplateRow,
  type TemplateVersionRow,
  updateTemplate,
} from '../../adapters/postgres/queries/templates.ts'
import { templateParameters } from '../../contract/pages.ts'
import { type TemplateAttributes, templateBody, templateErrors, templatesMax } from '../../contract/template.ts'
import type { AppDeps } from '../deps.ts'
import { badRequest, notFound } from '../errors.ts'
import { principalOf } from '../middleware/keys.ts'
import { bodyOf, queryOf, uuidOf } from './request.ts'

export function templateRoutes({ pool }: AppDeps): Router {
  const router = Router()

  router.get('/api/v2/monitor/template', async (_req, res) => {
    res.json({ data: (await listTemplates(pool, templatesMax)).map((row) => presentTemplate(row)) })
  })

  router.post('/api/v2/monitor/template', async (req, res) => {
    const attributes = attributesOf(req)
    const by = principalOf(req).name
    const created = await transaction(pool, async (client) => {
      const id = await insertTemplate(client, attributes, by, templatesMax)
      if (id === null) throw badRequest([`at most ${templatesMax} templates: delete one first`])
      await recordAudit(client, audit('template.created', by, id, attributes))
      return findTemplate(client, id)
    })
    res.json({ data: presentTemplate(found(created)) })
  })

  router.post('/api/v2/monitor/template/validate', (req, res) => {
    attributesOf(req)
    res.status(204).end()
  })

  router.post('/api/v2/monitor/template/:id/validate', async (req, res) => {
    found(await findTemplate(pool, idOf(req)))
    attributesOf(req)
    res.status(204).end()
  })

  router.get('/api/v2/monitor/template/:id', async (req, res) => {
    const row = found(await findTemplate(pool, idOf(req)))
    const { with_all_versions: all } = queryOf(req, templateParameters)
    const versions = all ? await listTemplateVersions(pool, row.id) : []
    res.json({ data: presentTemplate(row, all ? { versions: versions.map(presentVersion) } : {}) })
  })

  router.put('/api/v2/monitor/template/:id', async (req, res) => {
    const id = idOf(req)
    const attributes = attributesOf(req)
    const by = principalOf(req).name
    const changed = await transaction(pool, async (client) => {
      if (!(await updateTemplate(client, id, attributes, by))) throw notFound('Template')
      await recordAudit(client, audit('template.updated', by, id, attributes))
      return findTemplate(client, id)
    })
    const versions = (await listTemplateVersions(pool, id)).map(presentVersion)
    res.json({ data: presentTemplate(found(changed), { versions }) })
  })

  router.delete('/api/v2/monitor/template/:id', async (req, res) => {
    const id = idOf(req)
    await transaction(pool, async (client) => {
      if (!(await deleteTemplate(client, id))) throw notFound('Template')
      await recordAudit(client, audit('template.deleted', principalOf(req).name, id, null))
    })
    res.status(204).end()
  })

  return router
}

const idOf = (req: Request): string => uuidOf(req, 'Template')

function found<Row>(row: Row | null): Row {
  if (row === null) throw notFound('Template')
  return row
}

function attributesOf(req: Request): TemplateAttributes {
  const { attributes } = bodyOf(req, templateBody).data
  const errors = templateErrors(attributes)
  if (errors.length > 0) throw badRequest(errors)
  return attributes
}

function audit(action: AuditAction, actor: string, id: string, attributes: TemplateAttributes | null): Parameters<typeof recordAudit>[1] {
  return { actor, action, monitorId: null, detail: { id, ...(attributes === null ? {} : { title: attributes.title }) } }
}

function presentVersion({ id, version, attributes, created_at: created }: TemplateVersionRow): object {
  return { id, version, ...attributes, created: created.toISOString() }
}

function presentTemplate({ id, version, attributes, created_at: created, modified_at: modified }: TemplateRow, more: object = {}): object {
  return {
    type: 'monitor-user-template',
    id,
    attributes: {
      description: null,
      template_variables: [],
      ...attributes,
      version,
      created: created.toISOString(),
      modified: modified.toISOString(),
      ...more,
    },
  }
}
