/**
 * One monitor being written: fields on one side, on the other what its source says of it and what it would have done. What is wrong is told
 * while it is written; what is saved is shown before. Read next: use-editing.ts, fields.tsx, drawn.tsx, backtest.tsx.
 */
import { useState } from 'react'
import { typeTable } from '../../../contract/type-table.ts'
import { monitorTypes } from '../../../contract/types.ts'
import type { Problem } from '../../data/editor.ts'
import { useCommands } from '../../shell/commands.ts'
import { Button } from '../../ui/button.tsx'
import { Page } from '../../ui/page.tsx'
import { Backtest } from './backtest.tsx'
import { ChangesDialog } from './changes-dialog.tsx'
import { type Draft, withThreshold } from './draft.ts'
import { Drawn } from './drawn.tsx'
import './editor.css'
import { Fields } from './fields.tsx'
import { JsonView } from './json-view.tsx'
import { useDebounced } from './use-debounced.ts'
import { type Editing, useEditing } from './use-editing.ts'

/** A drawing asks the source; a backtest judges a day. */
const drawMs = 200
const backtestMs = 750

export function Editor({ id, start, saved }: Readonly<{ id: number | null; start: Draft; saved: Draft | null }>) {
  const editing = useEditing(id, start, saved)
  const { draft, change, changes, canSave, busy, save } = editing
  const [view, setView] = useState<'fields' | 'json'>('fields')
  const [asking, setAsking] = useState(false)
  const toggle = (): void => setView(view === 'json' ? 'fields' : 'json')
  const ask = (): void => {
    if (!canSave || !editing.complete()) return
    if (saved === null) void save()
    else setAsking(true)
  }
  useCommands([
    { id: 'save-monitor', label: 'Save this monitor', group: 'This monitor', keys: 'Mod+S', run: ask },
    { id: 'json', label: 'Show fields or JSON', group: 'This monitor', keys: 'j', run: toggle },
  ])
  const actions = (
    <>
      <Button aria-pressed={view === 'json'} onClick={toggle}>
        JSON
      </Button>
      <Button kind="primary" busy={busy} disabled={!canSave} onClick={ask}>
        {saved === null ? 'Create' : savesText(changes.length)}
      </Button>
    </>
  )
  return (
    <Page title={id === null ? 'New monitor' : 'Edit monitor'} note={kindText(draft.type)} actions={actions}>
      <Notes {...editing} />
      <div className="editor">
        <div className="editor-fields">{view === 'json' ? <JsonView draft={draft} onDraft={change} /> : <Fields {...editing} />}</div>
        <Beside id={id} {...editing} />
      </div>
      {asking ? (
        <ChangesDialog
          changes={changes}
          busy={busy}
          onSave={() => void save().finally(() => setAsking(false))}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </Page>
  )
}

function Beside({ id, draft, change, checked, readable, fine }: Editing & Readonly<{ id: number | null }>) {
  const [hours, setHours] = useState({ drawn: 24, judged: 24 })
  const drawn = useDebounced(readable, drawMs)
  const judged = useDebounced(fine, backtestMs)
  return (
    <div className="editor-beside">
      <Drawn
        draft={draft}
        settled={drawn}
        isOld={checked?.reads === null}
        hours={hours.drawn}
        onHours={(next) => setHours({ ...hours, drawn: next })}
        onMove={(name, value) => change(withThreshold(draft, name, value))}
      />
      <Backtest
        settled={judged}
        isOld={checked?.ok === false}
        id={id}
        hours={hours.judged}
        onHours={(next) => setHours({ ...hours, judged: next })}
      />
    </div>
  )
}

/** What no field can show. */
function Notes({ mayEdit, problems }: Editing) {
  const general = problems.filter((problem) => !hasField(problem))
  return (
    <>
      {mayEdit ? null : <p className="editor-note">Your key may look at monitors and not change them: nothing here can be saved.</p>}
      {general.map(({ message }) => (
        <p key={message} className="field-error" role="alert">
          {message}
        </p>
      ))}
    </>
  )
}

function hasField({ field }: Problem): boolean {
  return field !== null && (['name', 'query', 'message'].includes(field) || field.startsWith('options.'))
}

function kindText(type: string): string {
  const known = monitorTypes.find((one) => one === type)
  return known === undefined ? type : `${typeTable[known].title} · ${type}`
}

function savesText(changes: number): string {
  if (changes === 0) return 'Saved'
  return `Save ${changes} ${changes === 1 ? 'change' : 'changes'}`
}
