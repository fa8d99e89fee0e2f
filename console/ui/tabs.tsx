import type { KeyboardEvent, ReactNode } from 'react'
import './tabs.css'

type Given = Readonly<{
  label: string
  tabs: readonly (readonly [name: string, label: string])[]
  current: string
  onTab: (name: string) => void
  children: ReactNode
}>

/** One of several things at a place; arrow keys go from one to the next. */
export function Tabs({ label, tabs, current, onTab, children }: Given) {
  const onKey = (event: KeyboardEvent<HTMLDivElement>): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const at = tabs.findIndex(([name]) => name === current)
    const [next] = tabs[(at + step + tabs.length) % tabs.length] ?? []
    if (next === undefined) return
    onTab(next)
    event.currentTarget.querySelector<HTMLElement>(`[data-tab="${next}"]`)?.focus()
  }
  return (
    <section className="tabs">
      <div className="tabs-list" role="tablist" aria-label={label} onKeyDown={onKey}>
        {tabs.map(([name, text]) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`tab-${name}`}
            data-tab={name}
            aria-selected={name === current}
            aria-controls="tab-panel"
            tabIndex={name === current ? 0 : -1}
            onClick={() => onTab(name)}
          >
            {text}
          </button>
        ))}
      </div>
      <div role="tabpanel" id="tab-panel" aria-labelledby={`tab-${current}`} className="tabs-panel">
        {children}
      </div>
    </section>
  )
}
