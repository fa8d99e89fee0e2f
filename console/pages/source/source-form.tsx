/** A source by its kind's fields; what is kept in a file can only be looked at and tested. Read next: use-source.ts. */
import type { FieldTable } from '../../../contract/field-table.ts'
import type { SourceKind } from '../../../contract/source.ts'
import { sourceTable } from '../../../contract/source-table.ts'
import type { Source } from '../../data/sources.ts'
import { TextField } from '../../ui/field.tsx'
import { errorAt } from '../../ui/field-errors.ts'
import { FieldsForm } from '../../ui/fields-form.tsx'
import { Problem } from '../../ui/notes.tsx'
import { Page } from '../../ui/page.tsx'
import { Tried } from '../../ui/tried.tsx'
import { SourceActions } from './source-actions.tsx'
import { useSource } from './use-source.ts'
import { Workers } from './workers.tsx'

export function SourceForm({ kind, stored }: Readonly<{ kind: SourceKind; stored: Source | null }>) {
  const editing = useSource(kind, stored)
  const { save, test } = editing
  const { title } = sourceTable[kind]
  const isFixed = stored?.managed_by === 'file'
  return (
    <Page title={stored === null ? `New source: ${title}` : stored.name} note={stored === null ? null : title}>
      <form
        className="fields-page"
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        {stored === null ? null : <Workers source={stored} />}
        {test.data === undefined ? null : <Tried {...test.data} />}
        {isFixed ? (
          <p className="soft">It is kept in a file, and changed there. It can be tested here.</p>
        ) : (
          <Filled {...{ kind, stored, editing }} />
        )}
        {save.error === null ? null : <Problem error={save.error} />}
        <SourceActions editing={editing} isNew={stored === null} isFixed={isFixed} />
      </form>
    </Page>
  )
}

type Given = Readonly<{ kind: SourceKind; stored: Source | null; editing: ReturnType<typeof useSource> }>

function Filled({ kind, stored, editing }: Given) {
  const { fields, name, setName, config, setConfig, secrets, setSecrets, isDefault, setDefault, save } = editing
  const errorOf = (path: string): string | undefined => errorAt(save.error, `config.${path}`)
  return (
    <>
      <section aria-label="Configuration">
        {stored === null ? (
          <TextField
            label="Name"
            hint="Monitors name it by their option datasource, or the tag datasource:NAME. It keeps its name."
            required
            autoFocus
            placeholder={`${kind}-main`}
            error={errorAt(save.error, 'name')}
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
        ) : null}
        <FieldsForm table={part(fields, false)} values={config} kept={[]} errorOf={errorOf} onValues={setConfig} />
        <FieldsForm
          table={sourceTable[kind].secrets}
          values={secrets}
          kept={stored?.secrets ?? []}
          errorOf={(path) => errorAt(save.error, `secrets.${path}`)}
          onValues={setSecrets}
        />
        <label>
          <input type="checkbox" checked={isDefault} onChange={({ target }) => setDefault(target.checked)} /> It evaluates monitors of its
          types that name no source
        </label>
      </section>
      <details>
        <summary>
          <strong>Limits</strong>
          <span className="soft small">how politely it is asked, by each worker</span>
        </summary>
        <FieldsForm table={part(fields, true)} values={config} kept={[]} errorOf={errorOf} onValues={setConfig} />
      </details>
    </>
  )
}

function part(fields: FieldTable, isLimits: boolean): FieldTable {
  return Object.fromEntries(Object.entries(fields).filter(([path]) => path.startsWith('limits.') === isLimits))
}
