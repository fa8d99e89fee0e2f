/** What a page says when there is nothing, when it waits, and when something went wrong. */
import { type ReactNode, useEffect, useState } from 'react'
import { sentencesOfError } from '../http/client.ts'
import { Button } from './button.tsx'
import './notes.css'

/** `error`: whatever was thrown; the API's own sentences are shown. */
export function Problem({ error, retry }: Readonly<{ error: unknown; retry?: () => void }>) {
  return (
    <div className="problem" role="alert">
      <ul>
        {sentencesOfError(error).map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      {retry === undefined ? null : <Button onClick={retry}>Try again</Button>}
    </div>
  )
}

export function Empty({ title, children }: Readonly<{ title: string; children?: ReactNode }>) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      {children}
    </div>
  )
}

/** Before this nobody notices a wait, and what flashes up disturbs. */
const noticedMs = 200

/** Grey bars in the place of what will come, from the moment on at which people notice that they wait. */
export function Skeleton({ rows = 3, height = 16 }: Readonly<{ rows?: number; height?: number }>) {
  const [shown, setShown] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), noticedMs)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div className={`skeleton${shown ? ' skeleton-shown' : ''}`} role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, index) => (
        <span key={String(index)} style={{ height, width: `${92 - ((index * 17) % 40)}%` }} />
      ))}
    </div>
  )
}
