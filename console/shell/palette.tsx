/** The command palette: every page, everything that can be done here, and monitors by their names. Read next: commands.ts. */
import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useDeferredValue, useEffect, useId, useRef, useState } from 'react'
import { monitorPageQuery } from '../data/monitors.ts'
import { navigate } from '../router/location.ts'
import { Kbd } from '../ui/kbd.tsx'
import { Status } from '../ui/status.tsx'
import { useAllCommands } from './commands.ts'
import './palette.css'

type Entry = Readonly<{ id: string; label: string; group: string; keys?: string; status?: string; run: () => void }>

/** More nobody reads in a list like this. */
const monitorsShown = 6

export function Palette({ onClose }: Readonly<{ onClose: () => void }>) {
  const ref = useRef<HTMLDialogElement>(null)
  const listId = useId()
  const [text, setText] = useState('')
  const [active, setActive] = useState(0)
  const entries = useEntries(text)
  useEffect(() => {
    ref.current?.showModal()
  }, [])

  const run = (entry: Entry | undefined): void => {
    ref.current?.close()
    entry?.run()
  }
  const onKey = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined && entries.length > 0) {
      event.preventDefault()
      setActive((active + step + entries.length) % entries.length)
    }
    if (event.key === 'Enter') run(entries[active])
  }

  return (
    <dialog
      ref={ref}
      className="dialog palette"
      aria-label="Command palette"
      onClose={onClose}
      onMouseDown={(event) => event.target === ref.current && ref.current.close()}
    >
      <input
        className="palette-input"
        role="combobox"
        aria-label="What to do, or the name of a monitor"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={entries.length > 0 ? `${listId}-${active}` : undefined}
        placeholder="What to do, or the name of a monitor"
        value={text}
        onChange={(event) => {
          setText(event.target.value)
          setActive(0)
        }}
        onKeyDown={onKey}
      />
      <div id={listId} role="listbox" aria-label="Commands" className="palette-list">
        {entries.map((entry, index) => (
          <div
            key={entry.id}
            id={`${listId}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            className="palette-entry"
            onMouseMove={() => setActive(index)}
            onClick={() => run(entry)}
            onKeyDown={onKey}
          >
            <span className="soft palette-group">{entry.group}</span>
            <span className="cut">{entry.label}</span>
            {entry.status === undefined ? null : <Status status={entry.status} />}
            {entry.keys === undefined ? null : <Kbd keys={entry.keys} />}
          </div>
        ))}
      </div>
      {entries.length === 0 ? <p className="palette-none soft">Nothing is called that.</p> : null}
    </dialog>
  )
}

function useEntries(text: string): readonly Entry[] {
  const commands = useAllCommands()
  const asked = useDeferredValue(text.trim())
  const words = asked.toLowerCase().split(/\s+/)
  const matching = commands.filter(({ label, group }) => words.every((word) => `${group} ${label}`.toLowerCase().includes(word)))
  const { data } = useQuery({ ...monitorPageQuery({ query: searchFor(asked), sort: 'name' }, 0), enabled: searchFor(asked) !== '' })
  const monitors = searchFor(asked) === '' ? [] : (data?.monitors ?? []).slice(0, monitorsShown)
  return [
    ...matching,
    ...monitors.map(({ id, name, status }) => ({
      id: `monitor-${id}`,
      label: name,
      group: 'Monitor',
      status,
      run: () => navigate(`/monitors/${id}`),
    })),
  ]
}

/** Parts of words, as somebody types them: nothing of it means anything to the search. */
function searchFor(text: string): string {
  const words = text.match(/[\p{L}\p{N}_]+/gu) ?? []
  return words.map((word) => `${word}*`).join(' ')
}
