/** A monitor while it is written: the draft, what the API says is wrong with it, and the way into the store. Read next: editor.tsx, draft.ts. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { problemOf } from '../../../contract/problems.ts'
import { type Checked, checkQuery, type Problem, saveMonitor } from '../../data/editor.ts'
import { keys } from '../../data/keys.ts'
import { sessionQuery } from '../../data/session.ts'
import { ApiProblem } from '../../http/client.ts'
import { navigate } from '../../router/location.ts'
import { sayDone, sayProblem } from '../../ui/toasts.tsx'
import { type Change, changesOf, type Draft, definitionOf } from './draft.ts'
import { useDebounced } from './use-debounced.ts'

/** A check is quick. */
const checkMs = 150

export type Editing = Readonly<{
  draft: Draft
  change: (draft: Draft) => void
  checked: Checked | undefined
  /** As it was when its query could last be read, and when nothing was wrong; null = never yet. */
  readable: Draft | null
  fine: Draft | null
  problems: readonly Problem[]
  /** What saving would change; empty of a new one. */
  changes: readonly Change[]
  mayEdit: boolean
  canSave: boolean
  busy: boolean
  save: () => Promise<void>
  /** Says what has to be filled in first; true = nothing. */
  complete: () => boolean
}>

export function useEditing(id: number | null, start: Draft, saved: Draft | null): Editing {
  const [draft, setDraft] = useState(start)
  const [refused, setRefused] = useState<readonly Problem[]>([])
  const [busy, setBusy] = useState(false)
  const client = useQueryClient()
  const { data: session } = useQuery(sessionQuery)
  const settled = useDebounced(named(draft), checkMs)
  const { data: checked, isPlaceholderData } = useQuery(checkQuery(definitionOf(settled), id))
  const isOf = checked !== undefined && !isPlaceholderData
  const readable = useLast(isOf && checked.reads !== null ? settled : null)
  const fine = useLast(isOf && checked.ok ? settled : null)
  const changes = saved === null ? [] : changesOf(saved, draft)
  const isOther = saved === null ? changesOf(start, draft).length > 0 : changes.length > 0
  useUnsaved(isOther && !busy)

  const mayEdit = session?.role === 'editor' || session?.role === 'admin'
  const save = async (): Promise<void> => {
    setBusy(true)
    try {
      const { id: made, name } = await saveMonitor(definitionOf(draft), id)
      await client.invalidateQueries({ queryKey: keys.monitors })
      sayDone(id === null ? `“${name}” watches from now on` : `“${name}” is saved`)
      navigate(`/monitors/${made}`)
    } catch (error) {
      setBusy(false)
      if (error instanceof ApiProblem) setRefused(error.sentences.map((sentence) => problemOf(sentence, definitionOf(draft))))
      sayProblem(error, 'Saving')
    }
  }
  return {
    draft,
    change: (next) => {
      setRefused([])
      setDraft(next)
    },
    checked,
    readable,
    fine,
    problems: [...(checked?.problems ?? []), ...refused].map(withoutField),
    changes,
    mayEdit,
    canSave: mayEdit && !busy && checked?.ok !== false && (saved === null || changes.length > 0),
    busy,
    save,
    complete: () => {
      const isNamed = draft.name.trim() !== ''
      if (!isNamed) setRefused([{ field: 'name', message: 'Give it a name.', place: null }])
      return isNamed
    },
  }
}

/** The last value that was one. */
function useLast<Value>(value: Value | null): Value | null {
  const last = useRef(value)
  if (value !== null) last.current = value
  return last.current
}

/** A name comes last: nothing waits for it. */
export function named(draft: Draft): Draft {
  return draft.name.trim() === '' ? { ...draft, name: 'New monitor' } : draft
}

/** The field stands above it. */
function withoutField(problem: Problem): Problem {
  const { field, message } = problem
  return field !== null && message.startsWith(`${field}: `) ? { ...problem, message: message.slice(field.length + 2) } : problem
}

/** Whoever closes the page loses what isn't saved: the browser asks. */
function useUnsaved(unsaved: boolean): void {
  useEffect(() => {
    if (!unsaved) return
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [unsaved])
}
