import { type ReactNode, useEffect } from 'react'
import './page.css'

/** A page: its title, what can be done at its top, and below it what it shows. `fill`: it scrolls inside, not as a whole. */
export function Page({
  title,
  note,
  actions,
  fill = false,
  children,
}: Readonly<{ title: string; note?: ReactNode; actions?: ReactNode; fill?: boolean; children: ReactNode }>) {
  useEffect(() => {
    document.title = `${title} · Tocsin`
  }, [title])
  return (
    <div className={`page${fill ? ' page-fill' : ''}`}>
      <header className="page-header">
        <h1>{title}</h1>
        <div className="page-note soft">{note}</div>
        <div className="page-actions">{actions}</div>
      </header>
      {children}
    </div>
  )
}
