/** A receiver by its kind's fields; what is kept in a file can only be looked at and tested. Read next: use-receiver.ts. */
import { policyTable, receiverTable } from '../../../contract/receivers/field-table.ts'
import type { Receiver } from '../../data/receivers.ts'
import { TextField } from '../../ui/field.tsx'
import { errorAt } from '../../ui/field-errors.ts'
import { FieldsForm } from '../../ui/fields-form.tsx'
import { Problem } from '../../ui/notes.tsx'
import { Page } from '../../ui/page.tsx'
import { Tried } from '../../ui/tried.tsx'
import { NewActions, StoredActions } from './receiver-actions.tsx'
import { ReceiverHealth } from './receiver-health.tsx'
import { useReceiver } from './use-receiver.ts'

/** `stored` null = a new one. */
export function ReceiverForm({ kind, stored }: Readonly<{ kind: string; stored: Receiver | null }>) {
  const editing = useReceiver(kind, stored)
  const title = receiverTable[kind]?.title ?? kind
  const fixed = fixedBecause(kind, stored)
  const { save, test } = editing
  return (
    <Page title={stored === null ? `New receiver: ${title}` : stored.name} note={stored === null ? null : title}>
      <form
        className="fields-page"
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        {stored === null ? null : <ReceiverHealth receiver={stored} />}
        {test.data === undefined ? null : <Tried {...test.data} />}
        {fixed === null ? <Filled {...{ kind, stored, editing }} /> : <p className="soft">{fixed}</p>}
        {save.error === null ? null : <Problem error={save.error} />}
        {stored === null ? <NewActions editing={editing} /> : <StoredActions editing={editing} isFixed={fixed !== null} />}
      </form>
    </Page>
  )
}

type Given = Readonly<{ kind: string; stored: Receiver | null; editing: ReturnType<typeof useReceiver> }>

function Filled({ kind, stored, editing }: Given) {
  const { fields, name, setName, config, setConfig, policy, setPolicy, save } = editing
  return (
    <>
      <section aria-label="Configuration">
        {stored === null ? (
          <TextField
            label="Name"
            hint="Messages name it as @name. It keeps its name."
            required
            autoFocus
            placeholder={`${kind}-ops`}
            error={errorAt(save.error, 'name')}
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
        ) : null}
        <FieldsForm
          table={fields}
          values={config}
          kept={stored?.secrets ?? []}
          errorOf={(path) => errorAt(save.error, `config.${path}`)}
          onValues={setConfig}
        />
      </section>
      <details>
        <summary>
          <strong>Delivery</strong>
          <span className="soft small">times, limits, who stands in, budget</span>
        </summary>
        <FieldsForm
          table={policyTable}
          values={policy}
          kept={[]}
          errorOf={(path) => errorAt(save.error, `policy.${path}`)}
          onValues={setPolicy}
        />
      </details>
    </>
  )
}

/** null = it can be changed here. */
function fixedBecause(kind: string, stored: Receiver | null): string | null {
  if (stored?.managed_by === 'file') return 'It is kept in a file, and changed there. It can be tested here.'
  return receiverTable[kind] === undefined ? 'It is always there, and has nothing to set. It can be tested here.' : null
}
