/** Templates of monitors with all their versions. Never decides what one may hold: contract/template.ts does. */
import type { Queryable } from '../pool.ts'

export type TemplateRow = Readonly<{
  id: string
  version: number
  attributes: Readonly<Record<string, unknown>>
  created_at: Date
  modified_at: Date
}>

/** Of one version: its own id and when it was made. */
export type TemplateVersionRow = Readonly<{ id: string; version: number; attributes: TemplateRow['attributes']; created_at: Date }>

const current = `select monitor_templates.id, monitor_templates.version, attributes, monitor_templates.created_at, modified_at
  from monitor_templates join monitor_template_versions as versions
    on versions.template_id = monitor_templates.id and versions.version = monitor_templates.version`

/** The newest version of each, oldest template first. */
export async function listTemplates(db: Queryable, limit: number): Promise<TemplateRow[]> {
  const { rows } = await db.query<TemplateRow>(`${current} order by number limit $1`, [limit])
  return rows
}

export async function findTemplate(db: Queryable, id: string): Promise<TemplateRow | null> {
  const { rows } = await db.query<TemplateRow>(`${current} where monitor_templates.id = $1`, [id])
  return rows[0] ?? null
}

/** Newest first. */
export async function listTemplateVersions(db: Queryable, id: string): Promise<TemplateVersionRow[]> {
  const { rows } = await db.query<TemplateVersionRow>(
    'select id, version, attributes, created_at from monitor_template_versions where template_id = $1 order by version desc limit 1000',
    [id],
  )
  return rows
}

/** Answers its id, or null where there are `max` already. */
export async function insertTemplate(db: Queryable, attributes: object, by: string, max: number): Promise<string | null> {
  await db.query('lock table monitor_templates in share row exclusive mode')
  const { rows } = await db.query<{ id: string }>(
    'insert into monitor_templates (version) select 1 from (select count(*) as many from monitor_templates) as stored where many < $1 returning id',
    [max],
  )
  const id = rows[0]?.id
  if (id === undefined) return null
  await db.query('insert into monitor_template_versions (template_id, version, id, attributes, created_by) values ($1, 1, $1, $2, $3)', [
    id,
    JSON.stringify(attributes),
    by,
  ])
  return id
}

/** A further version; false = there is no such template. */
export async function updateTemplate(db: Queryable, id: string, attributes: object, by: string): Promise<boolean> {
  const { rows } = await db.query<{ version: number }>(
    'update monitor_templates set version = version + 1, modified_at = now() where id = $1 returning version',
    [id],
  )
  const version = rows[0]?.version
  if (version === undefined) return false
  await db.query('insert into monitor_template_versions (template_id, version, attributes, created_by) values ($1, $2, $3, $4)', [
    id,
    version,
    JSON.stringify(attributes),
    by,
  ])
  return true
}

/** With all its versions; monitors that were made of it stay. */
export async function deleteTemplate(db: Queryable, id: string): Promise<boolean> {
  const { rowCount } = await db.query('delete from monitor_templates where id = $1', [id])
  return rowCount === 1
}
