import { type ReactNode, useEffect, useRef } from 'react'
import { Button } from './button.tsx'
import './dialog.css'

/** The browser's own dialog: it holds the focus, Escape closes it, and whatever is behind it can't be reached. */
export function Dialog({
  title,
  onClose,
  wide = false,
  children,
  actions,
}: Readonly<{ title: string; onClose: () => void; wide?: boolean; children: ReactNode; actions?: ReactNode }>) {
  const ref = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    ref.current?.showModal()
  }, [])
  return (
    <dialog
      ref={ref}
      className={`dialog${wide ? ' dialog-wide' : ''}`}
      aria-label={title}
      onClose={onClose}
      onMouseDown={(event) => {
        if (event.target === ref.current) ref.current.close()
      }}
    >
      <div className="dialog-inside">
        <header>
          <h2>{title}</h2>
          <Button kind="quiet" icon="close" aria-label="Close" onClick={() => ref.current?.close()} />
        </header>
        <div className="dialog-body">{children}</div>
        {actions === undefined ? null : <footer>{actions}</footer>}
      </div>
    </dialog>
  )
}
