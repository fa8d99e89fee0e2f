/** Short sentences about what was done, at the edge of the page. What went wrong stays until it is closed. */
import { useSyncExternalStore } from 'react'
import { sentencesOfError } from '../http/client.ts'
import { Button } from './button.tsx'
import './toasts.css'

type Toast = Readonly<{ id: number; text: string; kind: 'done' | 'problem' }>

const doneMs = 5_000
const toastsMax = 4
let toasts: readonly Toast[] = []
let lastId = 0
const listeners = new Set<() => void>()

export function sayDone(text: string): void {
  const id = add(text, 'done')
  setTimeout(() => remove(id), doneMs)
}

export function sayProblem(error: unknown, what = ''): void {
  add([what, ...sentencesOfError(error)].filter((part) => part !== '').join(': '), 'problem')
}

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts)
  return (
    <div className="toasts" aria-live="polite">
      {shown.map(({ id, text, kind }) => (
        <div key={id} className={`toast toast-${kind}`} role={kind === 'problem' ? 'alert' : 'status'}>
          <span>{text}</span>
          <Button kind="quiet" icon="close" aria-label="Close this message" onClick={() => remove(id)} />
        </div>
      ))}
    </div>
  )
}

function add(text: string, kind: Toast['kind']): number {
  lastId += 1
  change([...toasts, { id: lastId, text, kind }].slice(-toastsMax))
  return lastId
}

function remove(id: number): void {
  change(toasts.filter((toast) => toast.id !== id))
}

function change(next: readonly Toast[]): void {
  toasts = next
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
