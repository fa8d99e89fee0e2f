/**
 * Monitors out of files: read here, shown with what is left out, then made one after the other. Nothing is made before somebody says so.
 * Read next: import-files.ts.
 */
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { keys } from '../../data/keys.ts'
import { applyMonitor, createMonitor } from '../../data/monitors.ts'
import { sentencesOfError } from '../../http/client.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Problem } from '../../ui/notes.tsx'
import { sayDone } from '../../ui/toasts.tsx'
import './import-dialog.css'
import type { ImportPlan, PlannedMonitor } from './import-files.ts'

type Refused = Readonly<{ place: string; text: string }>

export function ImportDialog({ files, onClose }: Readonly<{ files: readonly File[]; onClose: () => void }>) {
  const client = useQueryClient()
  const [plan, setPlan] = useState<ImportPlan | null>(null)
  const [problem, setProblem] = useState<unknown>(null)
  const [done, setDone] = useState<number | null>(null)
  const [refused, setRefused] = useState<readonly Refused[]>([])

  const read = async (given: readonly File[]): Promise<void> => {
    setProblem(null)
    setRefused([])
    try {
      // The languages of queries and rules are read for it: only who imports waits for them.
      const { planImport } = await import('./import-files.ts')
      setPlan(await planImport(given))
    } catch (error) {
      setProblem(error)
    }
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was dropped is read once
  useEffect(() => {
    if (files.length > 0) void read(files)
  }, [files])

  const make = async (monitors: readonly PlannedMonitor[]): Promise<void> => {
    const problems: Refused[] = []
    for (const [index, { key, place, body }] of monitors.entries()) {
      setDone(index)
      try {
        await (key === null ? createMonitor(body) : applyMonitor(key, body))
      } catch (error) {
        problems.push({ place, text: sentencesOfError(error).join('; ') })
      }
    }
    setDone(null)
    setRefused(problems)
    await client.invalidateQueries({ queryKey: keys.monitors })
    if (problems.length < monitors.length) sayDone(`${monitors.length - problems.length} monitors imported`)
    if (problems.length === 0) onClose()
  }

  const count = plan?.monitors.length ?? 0
  const actions =
    plan === null || count === 0 ? undefined : (
      <Button kind="primary" busy={done !== null} onClick={() => void make(plan.monitors)}>
        {done === null ? `Import ${count} ${count === 1 ? 'monitor' : 'monitors'}` : `${done} of ${count}`}
      </Button>
    )
  return (
    <Dialog title="Import monitors" onClose={onClose} wide actions={actions}>
      <label className="import-drop">
        <strong>Choose files, or drop them on the page</strong>
        <span className="soft">Rules of Prometheus (YAML), monitors of Datadog or Tocsin (JSON, YAML)</span>
        <input type="file" multiple accept=".yml,.yaml,.json,.rules" onChange={(event) => void read([...(event.target.files ?? [])])} />
      </label>
      {problem === null ? null : <Problem error={problem} />}
      {plan === null ? null : <Planned plan={plan} />}
      {refused.length === 0 ? null : <Remarks title="Refused" remarks={refused} />}
    </Dialog>
  )
}

/** The rest is a number. */
const namesShown = 8

function Planned({ plan }: Readonly<{ plan: ImportPlan }>) {
  const { monitors, leftOut, notes } = plan
  return (
    <>
      <section>
        <h2>{monitors.length} to be made</h2>
        <ul className="import-list">
          {monitors.slice(0, namesShown).map(({ place, name, type }) => (
            <li key={place}>
              <span className="cut">{name}</span> <span className="soft">{type}</span>
            </li>
          ))}
          {monitors.length > namesShown ? <li className="soft">and {monitors.length - namesShown} more</li> : null}
        </ul>
      </section>
      <Remarks title="Left out" remarks={leftOut} />
      <Remarks title="Other than written" remarks={notes} />
    </>
  )
}

function Remarks({ title, remarks }: Readonly<{ title: string; remarks: readonly Refused[] }>) {
  if (remarks.length === 0) return null
  return (
    <section>
      <h2>
        {title} ({remarks.length})
      </h2>
      <ul className="import-list">
        {remarks.slice(0, namesShown).map(({ place, text }) => (
          <li key={`${place} ${text}`}>
            <span className="soft">{place}:</span> {text}
          </li>
        ))}
        {remarks.length > namesShown ? <li className="soft">and {remarks.length - namesShown} more</li> : null}
      </ul>
    </section>
  )
}
